import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import { useAlarmWords } from '../words/alarm-words.ts'
import { shapeOf } from './class-shape.ts'

/** What kind of alarm it is: shape and word by class and kind, colour by priority. */
export const AlarmMark = ({
  alarm: { kind, class: alarmClass, priority },
}: {
  readonly alarm: Pick<AlarmView, 'kind' | 'class' | 'priority'>
}) => {
  const { of } = useAlarmWords()
  const Shape = shapeOf(alarmClass)
  return (
    <span className={`mark mark-${priority}`}>
      <Shape size={20} aria-label={of('class', alarmClass)} role="img" />
      {of('kind', kind)}
    </span>
  )
}
