/** How well the home is watched over, and what else is open there. */
import type { AlarmView } from '../../../gateway/api/alarm-view.ts'
import { isOpen } from '../../../gateway/model/alarm.ts'
import { AlarmMark } from '../../kit/alarm-mark.tsx'
import { ProblemNotice } from '../../kit/problem-notice.tsx'
import { Tag } from '../../kit/tag.tsx'
import { useLive } from '../../live/live-context.tsx'
import { Since } from '../../live/since.tsx'
import { useAlarmWords } from '../../words/alarm-words.ts'
import { momentText } from '../../words/format.ts'
import { useRecordWords } from '../../words/record-words.ts'
import { words } from '../../words/words.ts'
import { isOutOfSight, type Kit, useKit } from './alarm-detail.ts'
import { Part } from './part.tsx'

const useSay = words('card-kit', {
  zh: {
    title: '设备',
    never: '从未上线',
    battery: '电量 {{percent}}%',
    others: '同一住址的其他警报',
  },
  en: {
    title: 'Devices',
    never: 'never heard of',
    battery: 'battery {{percent}}%',
    others: 'Other alarms of this home',
  },
})

const tones = { protected: 'good', degraded: 'warning', unprotected: 'bad' } as const

const DeviceRow = ({ device }: { readonly device: Kit['devices'][number] }) => {
  const say = useSay()
  const { of, device: deviceText } = useRecordWords()
  const percent = device.battery.days.at(-1)?.percent
  const bad = device.conditions.map(({ reason }) => of('condition', reason))
  return (
    <li>
      <span>
        {device.room !== null && `${of('room', device.room)} `}
        {deviceText(device.model)}
      </span>
      {bad.length > 0 && <span className="card-warning">{bad.join('、')}</span>}
      <span className="quiet">
        {device.lastSeenAt === null ? say('never') : momentText(device.lastSeenAt)}
        {percent !== undefined && ` · ${say('battery', { percent })}`}
      </span>
    </li>
  )
}

/** What concerns no device in the list, such as that there is none. */
const ofHome = ({ weaknesses, devices }: Kit) =>
  weaknesses.filter(({ device }) => !devices.some(({ id }) => id === device))

/** What is wrong first. */
const worstFirst = ({ devices }: Kit): Kit['devices'] =>
  devices.toSorted((a, b) => b.conditions.length - a.conditions.length)

export const KitPart = ({ home }: { readonly home: string }) => {
  const say = useSay()
  const { of } = useRecordWords()
  const { data: kit, error } = useKit(home)
  if (isOutOfSight(error)) return null
  return (
    <Part
      title={say('title')}
      isScrolled
      extra={kit && <Tag tone={tones[kit.state]}>{of('protection', kit.state)}</Tag>}
    >
      <ProblemNotice error={error} />
      {kit && (
        <ul className="card-rows">
          {ofHome(kit).map(({ reason }) => (
            <li key={reason} className="card-warning">
              {of('condition', reason)}
            </li>
          ))}
          {worstFirst(kit).map(device => (
            <DeviceRow key={device.id} device={device} />
          ))}
        </ul>
      )}
    </Part>
  )
}

/** Nothing where there is none. */
export const OthersPart = ({ alarm: { id, home } }: { readonly alarm: AlarmView }) => {
  const say = useSay()
  const { of } = useAlarmWords()
  const { alarms } = useLive()
  const others = [...alarms.values()].filter(
    other => other.home?.id === home?.id && home && other.id !== id && isOpen(other.state),
  )
  if (others.length === 0) return null
  return (
    <Part title={say('others')}>
      <ul className="card-rows">
        {others.map(other => (
          <li key={other.id}>
            <AlarmMark alarm={other} />
            <span className="quiet">{of('state', other.state)}</span>
            <Since at={other.raisedAt} />
          </li>
        ))}
      </ul>
    </Part>
  )
}
