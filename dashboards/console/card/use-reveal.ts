import { type UseMutationResult, useMutation } from '@tanstack/react-query'
import type { z } from 'zod'
import type { AlarmView } from '../../../gateway/api/alarm-view.ts'
import type { AlarmRevealed, ResidentRevealed } from '../../../gateway/api/reveal.ts'
import { isOpen } from '../../../gateway/model/alarm.ts'
import { post } from '../../shell/api.ts'
import { useMay } from '../../shell/session.ts'

export type Revealed = z.infer<typeof AlarmRevealed>

export type Reveal = {
  /** In clear, until another alarm is shown. */
  readonly shown: Revealed | undefined
  /** Undefined: this person may not. */
  readonly ask: UseMutationResult<Revealed, Error, void> | undefined
}

/** Numbers to call, in clear and on record: of an open alarm at once, of a past one for its follow-up. */
export const useReveal = ({ id, state, resident }: AlarmView): Reveal => {
  const may = useMay()
  const open = isOpen(state)
  const ask = useMutation({
    mutationFn: async (): Promise<Revealed> => {
      if (open) return post<Revealed>(`/api/alarms/${encodeURIComponent(id)}/reveal`)
      const known = await post<z.infer<typeof ResidentRevealed>>(
        `/api/residents/${encodeURIComponent(resident?.id ?? '')}/reveal`,
        { reason: `回访 follow-up ${id}` },
      )
      return { home: known.home, residents: [known.resident], responders: [] }
    },
  })
  const isAllowed = open ? may('personal:reveal-in-alarm') : resident !== null && may('personal:reveal')
  return { shown: ask.data, ask: isAllowed ? ask : undefined }
}
