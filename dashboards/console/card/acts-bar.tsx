import type { AlarmView } from '../../../gateway/api/alarm-view.ts'
import { Button } from '../../kit/button.tsx'
import { useActWords } from './act-words.ts'
import { type CardAct, expectedAct, keyOf } from './card-act.ts'

/** What can be done now; the one that is expected next stands out. */
export const ActsBar = ({
  alarm,
  offered,
  pending,
  onAct,
}: {
  readonly alarm: AlarmView
  readonly offered: readonly CardAct[]
  readonly pending: CardAct | undefined
  readonly onAct: (act: CardAct) => void
}) => {
  const say = useActWords()
  if (offered.length === 0) return null
  return (
    <div className="card-acts not-printed" role="group" aria-label={say('acts')}>
      {offered.map(act => (
        <Button
          key={act}
          look={act === expectedAct[alarm.state] ? 'main' : act === 'hand-over' ? 'danger' : 'plain'}
          shortcut={keyOf[act]}
          isDisabled={act === pending}
          onPress={() => onAct(act)}
        >
          {act === pending ? say('sending') : say(act)}
        </Button>
      ))}
    </div>
  )
}
