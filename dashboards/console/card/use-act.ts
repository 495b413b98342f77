import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { AlarmView } from '../../../gateway/api/alarm-view.ts'
import { useLiveAlarms } from '../../live/live-context.tsx'
import { post } from '../../shell/api.ts'
import { alarmsKey } from './alarm-detail.ts'
import type { Answer, CardAct } from './card-act.ts'

/** Says it to the gateway; the answer is shown as if the stream had told it. */
export const useAct = (alarm: AlarmView, act: CardAct | Answer, onDone?: () => void) => {
  const live = useLiveAlarms()
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: object) => post<AlarmView>(`/api/alarms/${encodeURIComponent(alarm.id)}/${act}`, body),
    onSuccess: view => {
      live.take(view)
      onDone?.()
      void client.invalidateQueries({ queryKey: [alarmsKey] })
    },
  })
}
