/** What it is, how it stands, who has it, and what happens if nobody acts. */
import type { AlarmView } from '../../../gateway/api/alarm-view.ts'
import { isOpen } from '../../../gateway/model/alarm.ts'
import { AlarmMark } from '../../kit/alarm-mark.tsx'
import { Tag } from '../../kit/tag.tsx'
import { Since } from '../../live/since.tsx'
import { useAlarmWords } from '../../words/alarm-words.ts'
import { momentText } from '../../words/format.ts'
import { useRecordWords } from '../../words/record-words.ts'
import { words } from '../../words/words.ts'
import { Answers } from './answers.tsx'
import { useNames } from './names.ts'

const useSay = words('card-head', {
  zh: {
    repeats_one: '又触发 {{count}} 次',
    repeats_other: '又触发 {{count}} 次',
    unheld: '无人受理',
    held: '{{name}} 受理',
    'next.next': '无人受理，改派下一站',
    'next.county': '无人受理，上报区县',
    'next.city': '无人受理，上报全市',
    'next.again': '无人受理，再次派发',
    asked: '已派给',
    level: '第 {{level}} 级',
    county: '区县',
    city: '全市',
    offline: '不在线',
    minutes: '{{minutes}} 分钟',
    noPoint: '没有派给服务点：{{why}}',
    going: '{{name}} 前往',
    someone: '有人',
    accepted: '已接单',
    notAccepted: '等待接单',
    eta: '约 {{minutes}} 分钟',
    declined: '未接单：{{names}}',
    handedOver: '已移交 {{services}}',
    ended: '结果',
  },
  en: {
    repeats_one: 'triggered once more',
    repeats_other: 'triggered {{count}} more times',
    unheld: 'Nobody has it',
    held: '{{name}} has it',
    'next.next': 'Nobody answers: asks the next point in',
    'next.county': 'Nobody answers: asks the county in',
    'next.city': 'Nobody answers: asks the city in',
    'next.again': 'Nobody answers: asks everybody again in',
    asked: 'Asked',
    level: 'level {{level}}',
    county: 'county',
    city: 'city',
    offline: 'not connected',
    minutes: '{{minutes}} min',
    noPoint: 'No service point was asked: {{why}}',
    going: '{{name}} goes',
    someone: 'Somebody',
    accepted: 'accepted',
    notAccepted: 'has not answered yet',
    eta: 'about {{minutes}} min',
    declined: 'Does not go: {{names}}',
    handedOver: 'Handed over to {{services}}',
    ended: 'Cause',
  },
})

/** Whom each further step asks: see docs/settings.md for the times. */
const widerSteps: Readonly<Record<string, readonly ('next' | 'county' | 'city')[]>> = {
  call: ['next', 'county', 'city'],
  hazard: ['next', 'county', 'city'],
  inferred: ['next', 'county', 'city'],
  service: ['next', 'county'],
}

const NextStep = ({ alarm }: { readonly alarm: AlarmView }) => {
  const say = useSay()
  const { of } = useAlarmWords()
  const { nextDeadline, class: alarmClass, level } = alarm
  if (!nextDeadline) return null
  const { at, kind } = nextDeadline
  const label =
    kind === 'escalation'
      ? say(`next.${widerSteps[alarmClass]?.[level - 1] ?? 'again'}`)
      : of('deadline', kind)
  return (
    <strong className="card-next">
      {label} <Since at={at} isCountdown />
    </strong>
  )
}

const Asked = ({ alarm: { asked, level, noPoint } }: { readonly alarm: AlarmView }) => {
  const say = useSay()
  const { of } = useRecordWords()
  const nameOf = useNames()
  const texts = asked.map(({ kind, point, reachable }) => {
    if (kind !== 'point' || !point) return kind === 'city' ? say('city') : say('county')
    const facts = [
      ...(point.travelMinutes === undefined
        ? []
        : [say('minutes', { minutes: Math.ceil(point.travelMinutes) })]),
      ...(reachable === false ? [say('offline')] : []),
    ]
    return `${nameOf(point.id)} (${facts.join(' · ')})`
  })
  return (
    <>
      {texts.length > 0 && (
        <span className="quiet card-asked">
          {say('asked')} {texts.join('、')} · {say('level', { level })}
        </span>
      )}
      {noPoint !== null && (
        <span className="card-warning">{say('noPoint', { why: of('noPoint', noPoint) })}</span>
      )}
    </>
  )
}

const Going = ({ alarm }: { readonly alarm: AlarmView }) => {
  const say = useSay()
  const nameOf = useNames()
  const { state, responder, accepted, etaMinutes, declined, handedOver, nextDeadline } = alarm
  const isWaiting = nextDeadline?.kind === 'acceptance'
  return (
    <>
      {state === 'dispatched' && (
        <span>
          {say('going', { name: responder ? nameOf(responder.id) : say('someone') })}
          {(accepted || isWaiting) && ` · ${say(accepted ? 'accepted' : 'notAccepted')}`}
          {etaMinutes !== null && ` · ${say('eta', { minutes: etaMinutes })}`}
        </span>
      )}
      {isWaiting && responder && <Answers alarm={alarm} responder={responder.id} />}
      {declined.length > 0 && (
        <span className="card-warning">{say('declined', { names: declined.map(nameOf).join('、') })}</span>
      )}
      {handedOver.length > 0 && <strong>{say('handedOver', { services: handedOver.join('、') })}</strong>}
    </>
  )
}

export const CardHead = ({ alarm }: { readonly alarm: AlarmView }) => {
  const say = useSay()
  const { of } = useAlarmWords()
  const nameOf = useNames()
  const { state, raisedAt, repeats, acknowledgedBy, nextDeadline, cause } = alarm
  const holder = acknowledgedBy && (acknowledgedBy.name ?? nameOf(acknowledgedBy.id))
  // The escalation says so itself.
  const isSaid = nextDeadline?.kind === 'escalation'
  return (
    <header className="card-head">
      <div className="card-head-main">
        <h2>
          <AlarmMark alarm={alarm} />
        </h2>
        <Tag>{of('state', state)}</Tag>
        {repeats > 0 && <Tag tone="high">{say('repeats', { count: repeats })}</Tag>}
        {cause !== null && (
          <Tag>
            {say('ended')} {of('cause', cause)}
          </Tag>
        )}
        <span className="card-clock">{isOpen(state) ? <Since at={raisedAt} /> : momentText(raisedAt)}</span>
      </div>
      <div className="card-head-more">
        {holder && isOpen(state) && <span>{say('held', { name: holder })}</span>}
        {!holder && isOpen(state) && !isSaid && <span>{say('unheld')}</span>}
        <NextStep alarm={alarm} />
        <Going alarm={alarm} />
        {!holder && isOpen(state) && <Asked alarm={alarm} />}
      </div>
    </header>
  )
}
