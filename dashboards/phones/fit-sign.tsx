import { useState } from 'react'
import { Button } from '../kit/button.tsx'
import { Notice } from '../kit/notice.tsx'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import { Radios } from '../kit/radios.tsx'
import { TextField } from '../kit/text-field.tsx'
import { momentText } from '../words/format.ts'
import { words } from '../words/words.ts'
import { type Job, useJobAct } from './use-job.ts'

const useSay = words('fit-sign', {
  zh: {
    title: '5. 签字确认',
    name: '签字人姓名',
    who: '签字人',
    resident: '老人本人',
    relative: '家属',
    sign: '同意安装结果',
    signed: '{{name}} 已于 {{at}} 确认',
    later: '设备就位后再签字',
  },
  en: {
    title: '5. Signature',
    name: 'Name of who signs',
    who: 'Who signs',
    resident: 'The resident',
    relative: 'A relative',
    sign: 'Agrees with what was installed',
    signed: '{{name}} agreed, {{at}}',
    later: 'To be signed once the devices are in place',
  },
})

const signers = ['resident', 'relative'] as const

export const FitSign = ({ job }: { readonly job: Job }) => {
  const say = useSay()
  const [name, setName] = useState('')
  const [signer, setSigner] = useState<(typeof signers)[number]>('resident')
  const { mutate, error, isPending } = useJobAct(job)
  const { signature, state } = job
  return (
    <section className="stack">
      <h2>{say('title')}</h2>
      {state !== 'installed' && <p className="quiet">{say('later')}</p>}
      {signature && (
        <Notice tone="good">
          {say('signed', { name: signature.name ?? say(signature.signer), at: momentText(signature.at) })}
        </Notice>
      )}
      {state === 'installed' && !signature && (
        <>
          <div className="fit-pairs">
            <Radios
              label={say('who')}
              options={signers.map(value => ({ value, label: say(value) }))}
              value={signer}
              onChange={setSigner}
            />
          </div>
          <TextField label={say('name')} value={name} onChange={setName} maxLength={200} />
          <ProblemNotice error={error} />
          <Button
            isDisabled={isPending || name.trim() === ''}
            onPress={() => mutate({ name: 'sign', body: { name: name.trim(), signer } })}
          >
            {say('sign')}
          </Button>
        </>
      )}
    </section>
  )
}
