import {
  Bell,
  Diamond,
  FlaskConical,
  HandHelping,
  type LucideIcon,
  TriangleAlert,
  Wrench,
} from 'lucide-react'
import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import { useAlarmWords } from '../words/alarm-words.ts'

/** A shape for each class, so that colour is never alone. */
const shapes: Readonly<Record<string, LucideIcon>> = {
  call: Bell,
  hazard: TriangleAlert,
  inferred: Diamond,
  technical: Wrench,
  service: HandHelping,
  test: FlaskConical,
}

/** What kind of alarm it is: shape and word by class and kind, colour by priority. */
export const AlarmMark = ({
  alarm: { kind, class: alarmClass, priority },
}: {
  readonly alarm: Pick<AlarmView, 'kind' | 'class' | 'priority'>
}) => {
  const { of } = useAlarmWords()
  const Shape = shapes[alarmClass] ?? Bell
  return (
    <span className={`mark mark-${priority}`}>
      <Shape size={20} aria-label={of('class', alarmClass)} role="img" />
      {of('kind', kind)}
    </span>
  )
}
