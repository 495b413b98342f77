/** What stands between a job and its acceptance, and the acceptance. */
import { Button } from '../kit/button.tsx'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import { useAlarmWords } from '../words/alarm-words.ts'
import { languageNow } from '../words/language.ts'
import { useRecordWords } from '../words/record-words.ts'
import { words } from '../words/words.ts'
import { type Job, useJobAct } from './use-job.ts'

const useSay = words('fit-accept', {
  zh: {
    title: '6. 验收',
    lacks: '还缺',
    untested: '{{device}} 未测试：{{triggers}}',
    missing: '未安装：{{what}}',
    open: '未检查：{{item}}',
    signature: '尚未签字',
    place: '尚未确认“设备已就位”',
    accept: '验收完成，启用设备',
  },
  en: {
    title: '6. Acceptance',
    lacks: 'Still missing',
    untested: '{{device}} is not tested: {{triggers}}',
    missing: 'not installed: {{what}}',
    open: 'open: {{item}}',
    signature: 'the signature',
    place: 'that the devices are in place',
    accept: 'It works: enable the devices',
  },
})

const useLacks = ({ state, lacks, checklist }: Job): readonly string[] => {
  const say = useSay()
  const { of } = useAlarmWords()
  const { device: modelName } = useRecordWords()
  const language = languageNow()
  const textOf = (item: string) => checklist.find(one => one.item === item)?.[language] ?? item
  return [
    ...lacks.untested.map(({ device, triggers }) =>
      say('untested', { device, triggers: triggers.map(trigger => of('kind', trigger)).join('、') }),
    ),
    ...lacks.missing.map(one =>
      say('missing', { what: 'device' in one ? one.device : `${one.count} × ${modelName(one.model)}` }),
    ),
    ...lacks.open.map(item => say('open', { item: textOf(item) })),
    ...(state === 'installed' ? [] : [say('place')]),
    ...(lacks.signature ? [say('signature')] : []),
  ]
}

export const FitAccept = ({ job }: { readonly job: Job }) => {
  const say = useSay()
  const lacks = useLacks(job)
  const { mutate, error, isPending } = useJobAct(job)
  return (
    <section className="stack">
      <h2>{say('title')}</h2>
      {lacks.length > 0 && (
        <>
          <p className="quiet">{say('lacks')}</p>
          <ul className="fit-lacks">
            {lacks.map(lack => (
              <li key={lack}>{lack}</li>
            ))}
          </ul>
        </>
      )}
      <ProblemNotice error={error} />
      <Button
        look="main"
        isDisabled={isPending || lacks.length > 0}
        onPress={() => mutate({ name: 'accept' })}
      >
        {say('accept')}
      </Button>
    </section>
  )
}
