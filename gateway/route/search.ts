/** The nearest points that may be asked, by straight line: connected ones, and where these run out, the others. */
import { around } from 'geokdbush'
import KDBush from 'kdbush'
import type { Instant, PointId } from '../model/ids.ts'
import type { Position, ServicePointRecord } from '../model/records.ts'
import { candidateLimit } from '../model/routing.ts'
import { metersBetween } from './distance.ts'
import { type Capability, type Group, obstacleOf } from './eligibility.ts'

export type SearchQuery = {
  readonly position: Position
  readonly capability: Capability
  readonly now: Instant
  readonly reachable: ReadonlySet<PointId>
}

export type Found = { readonly point: ServicePointRecord; readonly distanceMeters: number }

type Entry = { readonly point: ServicePointRecord; readonly group: Group }
type Accept = (entry: Entry) => boolean

/**
 * So many possible points are measured one by one; among more the tree is searched outwards. Without this, a night
 * with three open points or a start with three connected ones would walk through all of 20,000 for each alarm.
 */
const scanLimit = 128
const treeNodeSize = 16

export const createSearch = (groups: readonly Group[]): ((query: SearchQuery) => readonly Found[]) => {
  const entries = entriesOf(groups)
  const entryOf = new Map(entries.map(entry => [entry.point.id, entry]))
  const outwards = createTreeSearch(entries)

  return ({ position, capability, now, reachable }) => {
    const isEligible = (group: Group): boolean => obstacleOf(group, capability, now) === undefined
    const isConnected: Accept = ({ point, group }) => isEligible(group) && reachable.has(point.id)
    const isCutOff: Accept = ({ point, group }) => isEligible(group) && !reachable.has(point.id)

    const few = passingUpTo(scanLimit, groups, isEligible)
    const all = few && entriesOf(few)
    const nearest = (limit: number, accept: Accept, among: readonly Entry[] | undefined): Found[] =>
      among ? nearestOf(among.filter(accept), position, limit) : outwards(position, limit, accept)

    const fewConnected =
      reachable.size <= scanLimit ? [...reachable].flatMap(id => entryOf.get(id) ?? []) : undefined
    const connected = nearest(candidateLimit, isConnected, all ?? fewConnected)
    const missing = candidateLimit - connected.length
    return missing === 0 ? connected : [...connected, ...nearest(missing, isCutOff, all)]
  }
}

/** The groups that pass, or undefined if they have more than `limit` points together. */
const passingUpTo = (
  limit: number,
  groups: readonly Group[],
  passes: (group: Group) => boolean,
): Group[] | undefined => {
  const passing: Group[] = []
  let count = 0
  for (const group of groups) {
    if (!passes(group)) continue
    count += group.points.length
    if (count > limit) return undefined
    passing.push(group)
  }
  return passing
}

const entriesOf = (groups: readonly Group[]): Entry[] =>
  groups.flatMap(group => group.points.map(point => ({ point, group })))

const createTreeSearch = (entries: readonly Entry[]) => {
  const tree = new KDBush(entries.length, treeNodeSize)
  for (const { point } of entries) tree.add(point.position.lon, point.position.lat)
  tree.finish()
  return (from: Position, limit: number, accept: Accept): Found[] => {
    const accepted = (index: number): boolean => {
      const entry = entries[index]
      return entry !== undefined && accept(entry)
    }
    return around(tree, from.lon, from.lat, limit, Number.POSITIVE_INFINITY, accepted)
      .map(index => entries[index])
      .filter(entry => entry !== undefined)
      .map(entry => measured(entry, from))
  }
}

const nearestOf = (entries: readonly Entry[], from: Position, limit: number): Found[] =>
  entries
    .map(entry => measured(entry, from))
    .sort((a, b) => a.distanceMeters - b.distanceMeters)
    .slice(0, limit)

const measured = ({ point }: Entry, from: Position): Found => ({
  point,
  distanceMeters: metersBetween(from, point.position),
})
