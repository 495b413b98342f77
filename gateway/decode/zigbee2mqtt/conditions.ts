/** Smoke, gas, water and falls: states that begin and end. One that holds when nothing was known before has begun. */
import type { AlarmKind } from '../../model/kinds.ts'
import type { DeviceEvent } from '../../model/observation.ts'
import type { Told } from './memory.ts'
import type { EventHead } from './state.ts'

const hazards = {
  smoke: 'smoke',
  gas: 'gas',
  carbon_monoxide: 'carbon-monoxide',
  water_leak: 'water-leak',
} as const satisfies Record<string, AlarmKind>

const hazardNames = ['smoke', 'gas', 'carbon_monoxide', 'water_leak'] as const

/** What may be a fall is verified like a fall; what was one is not a new one when the sensor begins to doubt. */
const fallOf = (before: Told, now: Told, head: () => EventHead): DeviceEvent | undefined => {
  const was = before.fall_down_status ?? 'none'
  const is = now.fall_down_status ?? was
  if (is === was) return undefined
  if (is === 'none') return { kind: 'cleared', trigger: 'fall', ...head() }
  if (is === 'fall') return { kind: 'trigger', trigger: 'fall', ...head() }
  return was === 'fall' ? undefined : { kind: 'trigger', trigger: 'fall', data: { maybe: true }, ...head() }
}

export const conditionsOf = (before: Told, now: Told, head: () => EventHead): readonly DeviceEvent[] => {
  const events: DeviceEvent[] = []
  for (const name of hazardNames) {
    const was = before[name] ?? false
    const is = now[name] ?? was
    if (is !== was) events.push({ kind: is ? 'trigger' : 'cleared', trigger: hazards[name], ...head() })
  }
  const fall = fallOf(before, now, head)
  return fall ? [...events, fall] : events
}
