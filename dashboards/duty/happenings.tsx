import { momentText } from '../words/format.ts'
import { words } from '../words/words.ts'
import type { Shift } from './use-shift.ts'

type Happening = Shift['last'][number]

const useSay = words('happenings', {
  zh: {
    title: '最近记录',
    none: '还没有交接班记录',
    'taken-over': '{{by}} 接班',
    offered: '{{by}} 提出交班给 {{to}}，警情 {{alarms}} 条',
    accepted: '{{by}} 接 {{from}} 的班，移交警情 {{alarms}} 条，未移交 {{kept}} 条',
    withdrawn: '{{by}} 撤回给 {{to}} 的交班',
    left: '{{by}} 下班',
    'struck-off': '{{from}} 已停用或失去权限，不再值班',
    unattended: '无人值守',
    attended: '恢复值守',
  },
  en: {
    title: 'What happened last',
    none: 'No shift has been taken over yet',
    'taken-over': '{{by}} came on duty',
    offered: '{{by}} offered the shift to {{to}}, alarms: {{alarms}}',
    accepted: '{{by}} took over from {{from}}, alarms that came over: {{alarms}}, that did not: {{kept}}',
    withdrawn: '{{by}} withdrew what was offered to {{to}}',
    left: '{{by}} left',
    'struck-off': '{{from}} may no longer work here, and is off duty',
    unattended: 'Unattended',
    attended: 'Attended again',
  },
})

const types = [
  'taken-over',
  'offered',
  'accepted',
  'withdrawn',
  'left',
  'struck-off',
  'unattended',
  'attended',
] as const

export const Happenings = ({ shift: { last } }: { readonly shift: Shift }) => {
  const say = useSay()
  const text = ({ type, by, to, from, alarms, kept }: Happening): string => {
    const known = types.find(one => one === type)
    // A gateway may be newer than this page.
    if (!known) return type
    return say(known, {
      by: by?.name ?? '',
      to: to?.name ?? '',
      from: from?.name ?? '',
      alarms: alarms ?? 0,
      kept: kept ?? 0,
    })
  }
  return (
    <section className="stack">
      <h2>{say('title')}</h2>
      {last.length === 0 ? (
        <p className="quiet">{say('none')}</p>
      ) : (
        <ol className="shift-last">
          {last.map(happening => (
            <li key={happening.at + happening.type}>
              <time className="quiet" dateTime={happening.at}>
                {momentText(happening.at)}
              </time>
              <span>{text(happening)}</span>
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}
