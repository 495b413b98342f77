/** What happened to an alarm, in a sentence of each language. */
import { useAlarmWords } from '../../words/alarm-words.ts'
import { useEventWord } from '../../words/event-words.ts'
import { useRecordWords } from '../../words/record-words.ts'
import { type Say, words } from '../../words/words.ts'
import type { TimelineEntry } from './alarm-detail.ts'
import { type NameOf, useNames } from './names.ts'

const zh = {
  raised: '触发{{kind}}',
  'confirmed.no-answer': '无人应答，按真实处理',
  'confirmed.person': '确认属实',
  'confirmed.second-finding': '再次发现，按真实处理',
  offered: '派给 {{who}}',
  cancelled: '老人报平安',
  notCancelled: '老人报平安，不足以结束',
  'released.handed-back': '退回，重新派发',
  'released.lease-expired': '久未处理，重新派发',
  transferred: '转交给 {{who}}',
  'calledBack.resident': '回拨本人：{{outcome}}',
  'calledBack.contact': '回拨联系人：{{outcome}}',
  'outcome.fine': '平安',
  'outcome.needs-help': '需要帮助',
  'outcome.no-answer': '无人接听',
  asked: '请 {{who}} 前往，待接单',
  dispatched: '{{who}} 前往',
  accepted: '{{who}} 接单',
  declined: '{{who}} 不去：{{why}}',
  onBehalf: '（电话答复，代记）',
  'why.busy': '忙',
  'why.too-far': '太远',
  'why.off-duty': '不当班',
  'why.unable': '去不了',
  'why.other': '其他',
  'why.no-answer': '未回应',
  eta: '约 {{minutes}} 分钟',
  'handed-over': '移交 {{service}}',
  arrived: '{{who}} 到达',
  'overdue.arrival': '超过到达时限',
  'overdue.finish': '超过完成时限',
  'overdue.follow-up': '超过回访时限',
  resolved: '处理完毕：{{cause}}',
  reached: '已回访',
  satisfaction: '满意度 {{points}}',
  notReached: '回访未接通',
  someone: '有人',
  county: '区县',
  city: '全市',
}
const en: Readonly<Record<keyof typeof zh, string>> = {
  raised: 'raised: {{kind}}',
  'confirmed.no-answer': 'nobody answered: counts as real',
  'confirmed.person': 'confirmed as real',
  'confirmed.second-finding': 'found again: counts as real',
  offered: 'offered to {{who}}',
  cancelled: 'the resident is fine',
  notCancelled: 'the resident says to be fine; that does not end it',
  'released.handed-back': 'handed back, offered anew',
  'released.lease-expired': 'nothing was done, offered anew',
  transferred: 'transferred to {{who}}',
  'calledBack.resident': 'called the resident: {{outcome}}',
  'calledBack.contact': 'called a contact: {{outcome}}',
  'outcome.fine': 'fine',
  'outcome.needs-help': 'needs help',
  'outcome.no-answer': 'no answer',
  asked: 'asked {{who}} to go',
  dispatched: '{{who}} goes',
  accepted: '{{who}} has accepted',
  declined: '{{who}} does not go: {{why}}',
  onBehalf: ' (by telephone, on behalf)',
  'why.busy': 'busy',
  'why.too-far': 'too far',
  'why.off-duty': 'off duty',
  'why.unable': 'unable',
  'why.other': 'other',
  'why.no-answer': 'no answer',
  eta: 'about {{minutes}} min',
  'handed-over': 'handed over to {{service}}',
  arrived: '{{who}} has arrived',
  'overdue.arrival': 'arrival is overdue',
  'overdue.finish': 'the end is overdue',
  'overdue.follow-up': 'the follow-up is overdue',
  resolved: 'resolved: {{cause}}',
  reached: 'followed up',
  satisfaction: 'satisfaction {{points}}',
  notReached: 'follow-up not reached',
  someone: 'somebody',
  county: 'the county',
  city: 'the city',
}

const useSay = words<keyof typeof zh>('card-event', { zh, en })

type Telling = {
  readonly say: Say<keyof typeof zh>
  readonly nameOf: NameOf
  readonly of: (what: string, value: string) => string
  /** For what needs no more than its name. */
  readonly word: (type: string) => string
}

type Entry<Type extends TimelineEntry['type']> = Extract<TimelineEntry, { type: Type }>

const offeredText = ({ recipients }: Entry<'offered'>, { say, nameOf }: Telling): string =>
  say('offered', {
    who: recipients.map(one => (one.kind === 'point' ? nameOf(one.point) : say(one.kind))).join('、'),
  })

const followedUpText = ({ reached, satisfaction }: Entry<'followed-up'>, { say }: Telling): string =>
  [
    say(reached ? 'reached' : 'notReached'),
    ...(satisfaction === undefined ? [] : [say('satisfaction', { points: satisfaction })]),
  ].join(' · ')

type Going = Entry<'dispatched' | 'accepted' | 'declined' | 'arrived'>
const isGoing = (entry: TimelineEntry): entry is Going =>
  entry.type === 'dispatched' ||
  entry.type === 'accepted' ||
  entry.type === 'declined' ||
  entry.type === 'arrived'

const goingText = (entry: Going, { say, nameOf }: Telling): string => {
  const named = entry.responder === undefined ? say('someone') : nameOf(entry.responder)
  // Whoever says it of themselves is named already.
  const who = entry.actor.kind === 'user' && entry.actor.name === named ? '' : named
  const onBehalf = 'onBehalf' in entry ? say('onBehalf') : ''
  if (entry.type === 'declined') return say('declined', { who, why: say(`why.${entry.reason}`) }) + onBehalf
  if (entry.type === 'arrived') return say('arrived', { who })
  const what = entry.type === 'accepted' ? 'accepted' : entry.ask ? 'asked' : 'dispatched'
  const eta = entry.etaMinutes === undefined ? '' : ` · ${say('eta', { minutes: entry.etaMinutes })}`
  return say(what, { who }) + eta + onBehalf
}

const eventText = (entry: Exclude<TimelineEntry, Going>, telling: Telling): string => {
  const { say, nameOf, of, word } = telling
  switch (entry.type) {
    case 'raised':
      return say('raised', { kind: of('kind', entry.kind) })
    case 'confirmed':
      return say(`confirmed.${entry.why}`)
    case 'offered':
      return offeredText(entry, telling)
    case 'cancelled':
      return say(entry.accepted ? 'cancelled' : 'notCancelled')
    case 'released':
      return say(`released.${entry.reason}`)
    case 'transferred':
      return say('transferred', { who: entry.to.kind === 'user' ? entry.to.name : nameOf(entry.to.id) })
    case 'called-back':
      return say(`calledBack.${entry.whom}`, { outcome: say(`outcome.${entry.outcome}`) })
    case 'handed-over':
      return say('handed-over', { service: entry.service })
    case 'overdue':
      return say(`overdue.${entry.what}`)
    case 'resolved':
      return say('resolved', { cause: of('cause', entry.cause) })
    case 'followed-up':
      return followedUpText(entry, telling)
    default:
      return word(entry.type)
  }
}

/** What somebody wrote with it. */
const writtenIn = (entry: TimelineEntry): string | undefined => {
  if ('text' in entry) return entry.text
  if ('note' in entry) return entry.note
  const note = entry.occurrence?.data?.note
  return typeof note === 'string' ? note : undefined
}

export const useEventText = (): ((entry: TimelineEntry) => { text: string; written: string | undefined }) => {
  const say = useSay()
  const nameOf = useNames()
  const { of } = useAlarmWords()
  const telling = { say, nameOf, of, word: useEventWord() }
  return entry => ({
    text: (isGoing(entry) ? goingText(entry, telling) : eventText(entry, telling)).trim(),
    written: writtenIn(entry),
  })
}

/** What follows by itself from what stands below it: nobody has done it. */
const consequences: ReadonlySet<string> = new Set(['offered', 'suspected', 'closed'])

/** Who did it; undefined: nobody. */
export const useActorText = (): ((entry: TimelineEntry) => string | undefined) => {
  const say = useActorWords()
  const nameOf = useNames()
  const { of } = useRecordWords()
  return ({ type, actor }) => {
    if (actor.kind === 'clock' || actor.kind === 'auditor') return say(actor.kind)
    if (consequences.has(type)) return undefined
    switch (actor.kind) {
      case 'user':
        return actor.name
      case 'point':
      case 'device':
        return nameOf(actor.id)
      case 'rule':
        return of('condition', actor.id)
    }
  }
}

const useActorWords = words('card-actor', {
  zh: { clock: '时限到', auditor: '系统检查' },
  en: { clock: 'time is up', auditor: 'check' },
})
