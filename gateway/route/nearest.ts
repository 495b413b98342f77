/**
 * The route stage: which service points can take an alarm, best first.
 * Takes: the registry's points, opening hours and travel times; then for each alarm where, what, when, who is connected.
 * Gives: a `Routing` for `decide`: candidates, or the reason why there are none.
 * Never does: read a clock, know an alarm, offer anything, change a point.
 *
 * A router is a snapshot: make a new one when the registry has changed.
 */
import type { PresetName } from '../model/alarm.ts'
import type { AreaId, Instant, PointId } from '../model/ids.ts'
import type { Position, ServicePointRecord } from '../model/records.ts'
import type { NoPointReason, Routing } from '../model/routing.ts'
import { type Capability, countPassedOver, groupPoints } from './eligibility.ts'
import type { IsOpen } from './hours.ts'
import { ranked } from './ranking.ts'
import { createSearch } from './search.ts'
import { straightLineTravel, type TravelTime } from './travel.ts'

export type RouteQuery = {
  /** The home's. */
  readonly position?: Position | undefined
  readonly capability: Capability
  /** The home's preset: how one travels there. */
  readonly preset: PresetName
  readonly now: Instant
  /** Points whose terminal is connected now; ids of other points do no harm. */
  readonly reachable: ReadonlySet<PointId>
  readonly county?: AreaId | undefined
  readonly city?: AreaId | undefined
}

export type RouterOptions = {
  readonly points: Iterable<ServicePointRecord>
  /** `createHours(timeZone)`. It outlives routers: reading hours is the slow part of making one. */
  readonly hoursOf: (text: string) => IsOpen
  readonly travelTime?: TravelTime
}

export type Router = { rank(query: RouteQuery): Routing }

const noneCounted: Routing['passedOver'] = { closed: 0, suspended: 0, incapable: 0 }

export const createRouter = (options: RouterOptions): Router => {
  // In order of id: the same points give the same routing in whatever order they come.
  const points = [...options.points].sort((a, b) => (a.id < b.id ? -1 : 1))
  const groups = groupPoints(points, options.hoursOf)
  const search = createSearch(groups)
  const travelTime = options.travelTime ?? straightLineTravel()

  return {
    rank(query) {
      const { position, capability, preset, now, reachable, county, city } = query
      const routing = (rest: Pick<Routing, 'candidates'> & Partial<Routing>): Routing => ({
        passedOver: noneCounted,
        ...rest,
        ...(county && { county }),
        ...(city && { city }),
      })
      const nobody = (noPoint: NoPointReason): Routing => routing({ candidates: [], noPoint })

      if (!position) return nobody('no-position')
      if (points.length === 0) return nobody('no-points')
      const candidates = ranked(
        search({ position, capability, now, reachable }).map(({ point, distanceMeters }) => ({
          point: point.id,
          distanceMeters,
          travelMinutes: travelTime(position, { position: point.position, distanceMeters }, preset),
          reachable: reachable.has(point.id),
        })),
      )
      if (candidates[0]?.reachable) return routing({ candidates })
      return routing({
        candidates,
        noPoint: candidates.length === 0 ? 'none-eligible' : 'none-reachable',
        passedOver: countPassedOver(groups, capability, now),
      })
    },
  }
}
