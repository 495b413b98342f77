import { Button } from '../kit/button.tsx'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import { Tag } from '../kit/tag.tsx'
import { languageNow } from '../words/language.ts'
import { words } from '../words/words.ts'
import { type Job, useJobAct } from './use-job.ts'

const useSay = words('fit-checklist', {
  zh: {
    title: '4. 检查清单',
    installed: '设备已就位，开始验收',
    done: '完成',
    'not-applicable': '不适用',
    open: '未检查',
  },
  en: {
    title: '4. Checklist',
    installed: 'The devices are in place',
    done: 'Done',
    'not-applicable': 'Does not apply',
    open: 'open',
  },
})

export const FitChecklist = ({ job }: { readonly job: Job }) => {
  const say = useSay()
  const { mutate, error, isPending } = useJobAct(job)
  const language = languageNow()
  return (
    <section className="stack">
      <h2>{say('title')}</h2>
      <ProblemNotice error={error} />
      <ul className="phone-rows">
        {job.checklist.map(({ item, outcome, ...text }) => (
          <li key={item} className="fit-check">
            <p>
              {text[language]} <Tag tone={outcome === null ? 'plain' : 'good'}>{say(outcome ?? 'open')}</Tag>
            </p>
            <div className="fit-pair">
              {(['done', 'not-applicable'] as const).map(one => (
                <Button
                  key={one}
                  isDisabled={isPending || outcome === one}
                  aria-label={`${say(one)}: ${text[language]}`}
                  onPress={() => mutate({ name: 'check', body: { item, outcome: one } })}
                >
                  {say(one)}
                </Button>
              ))}
            </div>
          </li>
        ))}
      </ul>
      {job.state === 'surveyed' && (
        <Button look="main" isDisabled={isPending} onPress={() => mutate({ name: 'install' })}>
          {say('installed')}
        </Button>
      )}
    </section>
  )
}
