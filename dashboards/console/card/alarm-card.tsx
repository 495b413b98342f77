import type { AlarmView } from '../../../gateway/api/alarm-view.ts'
import { AlarmMark } from '../../kit/alarm-mark.tsx'
import type { CardAct } from './card-act.ts'

export type AlarmCardProps = {
  readonly alarm: AlarmView
  /** The act that is being asked for, by a key or a button. */
  readonly act: CardAct | undefined
  readonly onAct: (act: CardAct | undefined) => void
}

/** All that is known of one alarm, and what can be done with it. */
export const AlarmCard = ({ alarm }: AlarmCardProps) => (
  <article>
    <AlarmMark alarm={alarm} />
  </article>
)
