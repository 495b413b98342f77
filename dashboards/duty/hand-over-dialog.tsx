import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { Button } from '../kit/button.tsx'
import { Dialog } from '../kit/dialog.tsx'
import { formText } from '../kit/form-text.ts'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import { TextField } from '../kit/text-field.tsx'
import { post } from '../shell/api.ts'
import { words } from '../words/words.ts'
import { AlarmLines } from './alarm-lines.tsx'
import { ColleagueField } from './colleague-field.tsx'
import { useHeldAlarms } from './held-alarms.ts'
import { type Shift, shiftKey } from './use-shift.ts'

const useSay = words('hand-over', {
  zh: {
    title: '交班',
    alarms: '随班移交的警情',
    none: '您没有持有未结警情',
    note: '交班说明',
    offer: '提出交班',
    until: '对方接班之前，您仍在值班',
  },
  en: {
    title: 'Hand over',
    alarms: 'Alarms that go over',
    none: 'You hold no open alarm',
    note: 'Note',
    offer: 'Offer it',
    until: 'You stay on duty until it is accepted',
  },
})

export const HandOverDialog = ({
  shift,
  onClose,
}: {
  readonly shift: Shift
  readonly onClose: () => void
}) => {
  const say = useSay()
  const client = useQueryClient()
  const held = useHeldAlarms()
  const [to, setTo] = useState('')
  const offer = useMutation({
    mutationFn: (note: string) => post('/api/shift/hand-over', { to, ...(note !== '' && { note }) }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: shiftKey })
      onClose()
    },
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    offer.mutate(formText(new FormData(event.currentTarget), 'note').trim())
  }
  return (
    <Dialog title={say('title')} isOpen onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        <ColleagueField shift={shift} onChange={setTo} />
        {held.length === 0 ? (
          <p className="quiet">{say('none')}</p>
        ) : (
          <AlarmLines label={say('alarms')} alarms={held} />
        )}
        <TextField label={say('note')} name="note" lines={4} maxLength={2_000} />
        <p className="quiet">{say('until')}</p>
        <ProblemNotice error={offer.error} />
        <div className="row row-end">
          <Button look="main" type="submit" isDisabled={to === '' || offer.isPending}>
            {say('offer')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
