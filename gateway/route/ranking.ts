/** The order of candidates: who can be reached first, then the shorter way, then the id, so that ties never waver. */
import type { Candidate } from '../model/routing.ts'

export type Unranked = Omit<Candidate, 'rank'>

const byWay = (a: Unranked, b: Unranked): number =>
  Number(b.reachable) - Number(a.reachable) ||
  a.travelMinutes - b.travelMinutes ||
  a.distanceMeters - b.distanceMeters ||
  (a.point < b.point ? -1 : 1)

/** Minutes are given to a tenth and metres whole: more would be a promise that a straight line cannot keep. */
export const ranked = (candidates: readonly Unranked[]): Candidate[] =>
  candidates.toSorted(byWay).map((candidate, index) => ({
    point: candidate.point,
    rank: index + 1,
    distanceMeters: Math.round(candidate.distanceMeters),
    travelMinutes: Math.round(candidate.travelMinutes * 10) / 10,
    reachable: candidate.reachable,
  }))
