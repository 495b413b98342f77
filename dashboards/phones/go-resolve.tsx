import { useState } from 'react'
import type { Cause } from '../../gateway/model/alarm.ts'
import { Button } from '../kit/button.tsx'
import { Radios } from '../kit/radios.tsx'
import { TextField } from '../kit/text-field.tsx'
import { useAlarmWords } from '../words/alarm-words.ts'
import { words } from '../words/words.ts'
import type { Do } from './go-acts.tsx'

const useSay = words('go-resolve', {
  zh: { cause: '原因（必选）', note: '说明（可不填）', resolve: '结束此呼叫' },
  en: { cause: 'What it was (needed)', note: 'Note (optional)', resolve: 'End this call' },
})

const causes = [
  'real',
  'accidental',
  'sensor-false',
  'test',
  'away',
  'nuisance',
  'unclear',
] as const satisfies readonly Cause[]

export const GoResolve = ({ act }: { readonly act: Do }) => {
  const say = useSay()
  const { of } = useAlarmWords()
  const [cause, setCause] = useState<Cause>()
  const [note, setNote] = useState('')
  return (
    <>
      <div className="go-causes">
        <Radios
          label={say('cause')}
          options={causes.map(value => ({ value, label: of('cause', value) }))}
          value={cause}
          onChange={setCause}
        />
      </div>
      <TextField label={say('note')} value={note} onChange={setNote} maxLength={2_000} />
      <Button
        look="main"
        isDisabled={cause === undefined}
        onPress={() => act('resolve', { cause, ...(note !== '' && { note }) })}
      >
        {say('resolve')}
      </Button>
    </>
  )
}
