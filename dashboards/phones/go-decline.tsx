import { useState } from 'react'
import type { DeclineReason } from '../../gateway/model/alarm.ts'
import { Button } from '../kit/button.tsx'
import { Radios } from '../kit/radios.tsx'
import { TextField } from '../kit/text-field.tsx'
import { words } from '../words/words.ts'
import type { Do } from './go-acts.tsx'

const useSay = words<DeclineReason | 'why' | 'note' | 'decline'>('go-decline', {
  zh: {
    why: '为什么不能去',
    busy: '正在处理别的呼叫',
    'too-far': '太远，来不及',
    'off-duty': '不在班',
    unable: '身体或交通原因',
    other: '其他',
    note: '说明（可不填）',
    decline: '不能去，请派别人',
  },
  en: {
    why: 'Why you cannot go',
    busy: 'At another call',
    'too-far': 'Too far away',
    'off-duty': 'Off duty',
    unable: 'Not able to',
    other: 'Something else',
    note: 'Note (optional)',
    decline: 'I cannot go: send somebody else',
  },
})

const reasons = ['busy', 'too-far', 'off-duty', 'unable', 'other'] as const satisfies readonly DeclineReason[]

export const GoDecline = ({ act }: { readonly act: Do }) => {
  const say = useSay()
  const [reason, setReason] = useState<DeclineReason>()
  const [note, setNote] = useState('')
  return (
    <>
      <Radios
        label={say('why')}
        options={reasons.map(value => ({ value, label: say(value) }))}
        value={reason}
        onChange={setReason}
      />
      <TextField label={say('note')} value={note} onChange={setNote} maxLength={2_000} />
      <Button
        look="danger"
        isDisabled={reason === undefined}
        onPress={() => act('decline', { reason, ...(note !== '' && { note }) })}
      >
        {say('decline')}
      </Button>
    </>
  )
}
