/** Where an alarm can go: the answer of the route stage, as data that `decide` works on. */
import type { AreaId, PointId } from './ids.ts'

export type Candidate = {
  readonly point: PointId
  /** 1 is the best. */
  readonly rank: number
  readonly distanceMeters: number
  readonly travelMinutes: number
  /** The point's terminal is connected now. Unreachable points rank behind all reachable ones. */
  readonly reachable: boolean
}

/** Why no point can take an alarm. */
export type NoPointReason =
  /** The device belongs to no home, or the home has no position. */
  | 'no-position'
  /** There is no service point at all. */
  | 'no-points'
  /** There are points, but each is closed, suspended or lacks the capability. */
  | 'none-eligible'
  /** Points are eligible, but no terminal of them is connected. */
  | 'none-reachable'

export type Routing = {
  /** Best first, at most `candidateLimit`. Empty when no point is eligible. */
  readonly candidates: readonly Candidate[]
  /** How many points were passed over, by reason. Only counted when no candidate is reachable. */
  readonly passedOver: { readonly closed: number; readonly suspended: number; readonly incapable: number }
  readonly noPoint?: NoPointReason
  /** The area levels above the home, lowest first: where an alarm goes when points do not answer. */
  readonly county?: AreaId
  readonly city?: AreaId
}

/** How many candidates one routing names. Enough for every step of every preset. */
export const candidateLimit = 6
