/**
 * Points sorted into groups that are open, suspended and able alike. Points are many and groups few, so whether anybody
 * can be asked at all, and why not, is answered without looking at the points.
 */
import type { Instant } from '../model/ids.ts'
import type { ServicePointRecord } from '../model/records.ts'
import type { Routing } from '../model/routing.ts'
import type { IsOpen } from './hours.ts'

export type Capability = 'emergency' | 'service'

export type Group = {
  readonly suspended: boolean
  readonly capabilities: readonly string[]
  readonly isOpen: IsOpen
  readonly points: readonly ServicePointRecord[]
}

export const groupPoints = (
  points: Iterable<ServicePointRecord>,
  hoursOf: (text: string) => IsOpen,
): readonly Group[] =>
  Map.groupBy(points, point => JSON.stringify([point.suspended ?? false, point.capabilities, point.hours]))
    .values()
    .flatMap(([first, ...others]) =>
      first
        ? [
            {
              suspended: first.suspended ?? false,
              capabilities: first.capabilities,
              isOpen: hoursOf(first.hours),
              points: [first, ...others],
            },
          ]
        : [],
    )
    .toArray()

type Obstacle = keyof Routing['passedOver']

/** What keeps a group from being asked, the lasting reason first; undefined: nothing does. */
export const obstacleOf = (group: Group, capability: Capability, now: Instant): Obstacle | undefined => {
  if (group.suspended) return 'suspended'
  if (!group.capabilities.includes(capability)) return 'incapable'
  return group.isOpen(now) ? undefined : 'closed'
}

export const countPassedOver = (
  groups: Iterable<Group>,
  capability: Capability,
  now: Instant,
): Routing['passedOver'] => {
  const counts = { closed: 0, suspended: 0, incapable: 0 }
  for (const group of groups) {
    const obstacle = obstacleOf(group, capability, now)
    if (obstacle) counts[obstacle] += group.points.length
  }
  return counts
}
