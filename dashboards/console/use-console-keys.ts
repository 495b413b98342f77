/** The keys of the console. None of them ends an alarm: C asks for a cause first. */
import type { RefObject } from 'react'
import { useSound } from '../sound/use-sound.tsx'
import type { CardAct } from './card/card-act.ts'
import { neighbourOf } from './queue-rows.ts'
import { useKeys } from './use-keys.ts'
import type { QueueState } from './use-queue.ts'
import type { Selection } from './use-selection.ts'

/** A key has no room for more; the menu has. */
const muteByKey = 2

type Desk = {
  readonly queue: QueueState
  readonly selection: Selection
  readonly searchField: RefObject<HTMLInputElement | null>
  readonly openCard: () => void
  readonly acknowledgeChosen: () => void
  readonly askCauseOfChosen: () => void
  readonly help: () => void
}

export const useConsoleKeys = (desk: Desk): void => {
  const { queue, selection, searchField, openCard } = desk
  const { alarm, select, setAct, chosen } = selection
  const sound = useSound()

  const move = (steps: 1 | -1) => (event: KeyboardEvent) => {
    // Of an order that is kept, some may have left sight.
    const inSight = queue.rows.filter(({ type, key }) => type === 'heading' || queue.alarms.has(key))
    const next = neighbourOf(inSight, alarm?.id, steps)
    if (!next) return
    queue.hold.holdForKeys()
    if (event.shiftKey && alarm && chosen.chosen.length === 0) chosen.toggle(alarm)
    select(queue.alarms.get(next.id) ?? next)
    if (event.shiftKey) chosen.toggle(next)
  }
  const act = (name: CardAct) => () => {
    if (!alarm) return
    queue.hold.holdForKeys()
    setAct(name)
  }
  const isMass = chosen.chosen.length > 0
  const down = move(1)
  const up = move(-1)
  useKeys({
    j: down,
    ArrowDown: down,
    k: up,
    ArrowUp: up,
    Enter: openCard,
    a: isMass ? desk.acknowledgeChosen : act('acknowledge'),
    c: isMass ? desk.askCauseOfChosen : act('resolve'),
    d: act('dispatch'),
    n: act('note'),
    x: () => alarm && chosen.toggle(alarm),
    Escape: () => chosen.choose([]),
    m: () => (sound.state.mutedUntil === undefined ? sound.mute(muteByKey) : sound.unmute()),
    '/': () => searchField.current?.focus(),
    '?': desk.help,
  })
}
