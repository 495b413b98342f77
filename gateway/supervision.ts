/** How well each home is watched over, from what detection holds true of its devices and what the registry has there. */
import type { Addresses } from './addresses.ts'
import type { Condition, RuleName } from './model/detection.ts'
import { deviceModelOf } from './model/device-models.ts'
import type { DeviceId, Instant } from './model/ids.ts'
import type { Presence } from './model/presence.ts'
import type { RecordOf } from './model/records.ts'
import type { Registry } from './model/registry.ts'
import type { HomeSupervision, Supervision, Weakness } from './model/supervision.ts'

export type SupervisionPorts = {
  readonly registry: Registry
  readonly presence: Presence
  readonly addresses: Addresses
  readonly conditions: (device: DeviceId) => readonly Condition[]
  readonly isLineLost: (line: string) => boolean
}

/** What says something about the device, and nothing about the resident. */
const technical: ReadonlySet<RuleName> = new Set<RuleName>([
  'device-silent',
  'battery-low',
  'tamper',
  'mains-lost',
  'chatter',
  'weekly-test',
])

/** With one of these nothing that the device should say can come. */
const isDead = ({ reason }: Weakness): boolean =>
  reason === 'never-seen' || reason === 'device-silent' || reason === 'line-lost'

const sinceOf = (moments: readonly (Instant | undefined)[], choose: (...all: number[]) => number) => {
  const known = moments.filter(one => one !== undefined)
  return known.length > 0 && known.length === moments.length ? { since: choose(...known) } : {}
}

export const createSupervision = (ports: SupervisionPorts): Supervision => {
  const { registry, presence, addresses } = ports

  const weaknessesOf = ({ id: device }: RecordOf['devices']): readonly Weakness[] => {
    if (!presence.of(device)) return [{ reason: 'never-seen', device }]
    const line = addresses.lineOf(device)?.line
    return [
      ...(line !== undefined && ports.isLineLost(line) ? [{ reason: 'line-lost', device } as const] : []),
      ...ports
        .conditions(device)
        .filter(({ rule }) => technical.has(rule))
        .map(({ rule, since }): Weakness => ({ reason: rule, device, since })),
    ]
  }

  return {
    of(home): HomeSupervision {
      const devices = registry.devicesOf(home)
      if (devices.length === 0) return { home, state: 'unprotected', weaknesses: [{ reason: 'no-device' }] }
      const found = devices.map(device => ({ device, weaknesses: weaknessesOf(device) }))
      const weaknesses = found.flatMap(one => one.weaknesses)
      // Whoever has a button must be able to press it; in a home without one, whatever watches counts.
      const buttons = found.filter(({ device }) => deviceModelOf(device.model).button)
      const lifelines = buttons.length > 0 ? buttons : found
      const deaths = lifelines.map(one => one.weaknesses.find(isDead))
      if (deaths.every(one => one !== undefined)) {
        const since = sinceOf(
          deaths.map(one => one.since),
          Math.max,
        )
        return {
          home,
          state: 'unprotected',
          ...since,
          weaknesses: [{ reason: 'no-way-to-call', ...since }, ...weaknesses],
        }
      }
      if (weaknesses.length === 0) return { home, state: 'protected', weaknesses }
      return {
        home,
        state: 'degraded',
        ...sinceOf(
          weaknesses.map(one => one.since),
          Math.min,
        ),
        weaknesses,
      }
    },
  }
}
