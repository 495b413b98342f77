/**
 * Was a button pressed? A press is a moment, and Zigbee2MQTT tells states: it tells the last one again when it starts, with
 * every report of a battery, and whenever somebody asks. So a press is told from its echo. Where nothing tells them
 * apart, it is a press.
 */
import type { Instant } from '../../model/ids.ts'
import type { DeviceEvent } from '../../model/observation.ts'
import { own } from '../json.ts'
import type { Memory, Told } from './memory.ts'
import type { EventHead, StateMessage } from './state.ts'

/** The documented type of an event has as many. */
const maxTypeLength = 64

/** Actions of call buttons. A `single` of an ordinary button is not one: it may be the light. */
const calls: ReadonlySet<string> = new Set(['emergency', 'sos', 'panic', 'help'])

/**
 * An echo has the `last_seen` of its press. An earlier one is an echo of something before, but not when it is much
 * earlier: then the bridge's clock was set back, as on small machines that had no power, and nobody may wait
 * until it has caught up.
 */
const longestSetBackMs = 60_000

const isEcho = (lastSeen: Instant | undefined, pressedAt: Instant | undefined): boolean =>
  lastSeen !== undefined &&
  pressedAt !== undefined &&
  lastSeen <= pressedAt &&
  lastSeen > pressedAt - longestSetBackMs

/** Some buttons say `"sos":true` and never false: what came with another figure is a report, and says it again. */
const isReport = (before: Told, now: Told): boolean =>
  (['battery', 'battery_low', 'voltage', 'tamper'] as const).some(
    name => before[name] !== undefined && now[name] !== undefined && before[name] !== now[name],
  )

/** At most one press a message. */
export const pressOf = (
  { state, told, lastSeen, isReplayed }: StateMessage,
  before: Memory,
  head: () => EventHead,
): DeviceEvent | undefined => {
  if (isReplayed || isEcho(lastSeen, before.pressedAt)) return undefined
  const action = own(state, 'action')
  const name = typeof action === 'string' ? action : ''
  const isCalled = told.sos === true && !(before.told.sos === true && isReport(before.told, told))
  if (isCalled || calls.has(name.toLowerCase())) return { kind: 'trigger', trigger: 'sos', ...head() }
  return name === ''
    ? undefined
    : { kind: 'unknown', type: `action:${name}`.slice(0, maxTypeLength), ...head() }
}
