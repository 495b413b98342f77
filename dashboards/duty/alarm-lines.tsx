import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import { AlarmMark } from '../kit/alarm-mark.tsx'
import { Since } from '../live/since.tsx'
import { useAlarmWords } from '../words/alarm-words.ts'
import { placeOf } from './open-alarms.ts'

/** Alarms in a line each: what, where, how far, since when. */
export const AlarmLines = ({
  label,
  alarms,
}: {
  readonly label: string
  readonly alarms: readonly AlarmView[]
}) => {
  const { of } = useAlarmWords()
  return (
    <ul className="duty-alarms" aria-label={label}>
      {alarms.map(alarm => (
        <li key={alarm.id}>
          <AlarmMark alarm={alarm} />
          <span>{placeOf(alarm)}</span>
          <span className="quiet">{of('state', alarm.state)}</span>
          <Since at={alarm.receivedAt} />
        </li>
      ))}
    </ul>
  )
}
