/** A door that was opened at night and stays open, and nobody is seen inside: with impaired cognition only. */
import { z } from 'zod'
import type { Fact, WatchContext } from '../model/detection.ts'
import type { Instant } from '../model/ids.ts'
import { DeviceId } from '../model/ids.ts'
import { evidenceOf } from './evidence.ts'
import { isWithin, minuteMs } from './local-window.ts'
import { nothingHolds, type Rule, SavedEvidence } from './rule.ts'
import { doorOpenOf, inBedOf, isMotion, isPress, presenceOf } from './signs.ts'

/** Who goes out is still seen at the door for so long: a motion sensor reports late, and holds. */
const leavingMs = 30_000

const Door = z
  .object({
    device: DeviceId,
    /** When it was opened; absent once life has been seen inside after it. */
    opened: SavedEvidence.exactOptional(),
  })
  .readonly()
/** The doors that are open. */
const Memory = z.object({ open: z.array(Door).readonly() }).readonly()
type Memory = z.infer<typeof Memory>

const isLife = (fact: Fact): boolean =>
  isMotion(fact) || isPress(fact) || presenceOf(fact) === true || inBedOf(fact) === true

const isNight = ({ thresholds, localTime }: WatchContext, at: Instant): boolean =>
  isWithin(
    { from: thresholds['doorAtNight.from'], to: thresholds['doorAtNight.to'] },
    localTime(at).minuteOfDay,
  )

const withLife = ({ open }: Memory, at: Instant): Memory => ({
  open: open.map(door => (door.opened && at - door.opened.at > leavingMs ? { device: door.device } : door)),
})

const withDoor = (memory: Memory, fact: Fact, isOpen: boolean): Memory => {
  const before = memory.open.find(door => door.device === fact.device)
  const others = memory.open.filter(door => door !== before)
  if (!isOpen) return before ? { open: others } : memory
  // A state that is told again is no new opening; an event is.
  if (before && (before.opened || fact.what === 'readings')) return memory
  return { open: [...others, { device: fact.device, opened: evidenceOf(fact, 'door-open') }] }
}

export const doorAtNight: Rule<Memory> = {
  name: 'door-at-night',
  on: 'doorAtNight.on',
  start: { open: [] },
  schema: Memory,

  observe(memory, fact) {
    const isOpen = doorOpenOf(fact)
    const after = isOpen === undefined ? memory : withDoor(memory, fact, isOpen)
    const isNews = isLife(fact) && after.open.some(door => door.opened)
    return isNews ? withLife(after, fact.at) : after
  },

  judge({ open }, now, context) {
    if (!context.cognition) return nothingHolds
    const atNight = open.flatMap(({ opened }) => (opened && isNight(context, opened.at) ? [opened] : []))
    const [first, ...rest] = atNight.sort((a, b) => a.at - b.at)
    if (!first) return nothingHolds
    const wakeAt = first.at + context.thresholds['doorAtNight.openFor'] * minuteMs
    return now < wakeAt
      ? { wakeAt }
      : { holds: { level: 'high', since: first.at, evidence: [first, ...rest] } }
  },
}
