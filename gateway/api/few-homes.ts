/** Figures of so few homes that they are somebody's, and figures from which those could be told. */
import type { FastifyRequest } from 'fastify'
import type { Refusal } from '../model/errors.ts'
import type { AreaId } from '../model/ids.ts'
import { seesClear } from '../model/personal.ts'
import type { ApiPorts } from './app.ts'
import { recordInSight } from './authenticate.ts'
import { viewerOf } from './personal-view.ts'

/** Figures of fewer homes than these are somebody's: whoever knows the place knows of whom they tell. */
const leastHomes = 5

type Ports = Pick<ApiPorts, 'registry' | 'places'>

/** Homes in sight by area, each with everything inside it; undefined: all of them. */
const countHomes = (request: FastifyRequest, { registry, places }: Ports) => {
  const isSeen = recordInSight(request, places)
  const areas = [...registry.all('areas')]
  const seen = new Set(areas.filter(area => isSeen('areas', area)).map(({ id }) => id))
  const direct = new Map<AreaId, number>()
  for (const { area } of registry.all('homes'))
    if (seen.has(area)) direct.set(area, (direct.get(area) ?? 0) + 1)
  const sum = (counts: Iterable<number>): number => Iterator.from(counts).reduce((a, b) => a + b, 0)
  const counts = new Map<AreaId | undefined, number>([[undefined, sum(direct.values())]])
  for (const { id } of areas) counts.set(id, sum(registry.areasWithin(id).map(one => direct.get(one) ?? 0)))
  return (area: AreaId | undefined): number => counts.get(area) ?? 0
}

/**
 * Whoever takes the figures of all other areas from those around them is left with the small ones: where these are few too,
 * the smallest of the others is not shown either, nor what is inside it.
 */
const isHidden = (
  area: AreaId | undefined,
  homesIn: (area: AreaId | undefined) => number,
  registry: Ports['registry'],
): boolean => {
  if (homesIn(area) < leastHomes) return true
  if (area === undefined) return false
  const around = registry.get('areas', area)?.parent
  const large = [...registry.all('areas')]
    .filter(({ id, parent }) => parent === around && homesIn(id) >= leastHomes)
    .map(({ id }) => ({ id, homes: homesIn(id) }))
    .toSorted((a, b) => a.homes - b.homes || (a.id < b.id ? -1 : 1))
  const left = large.reduce((homes, one) => homes - one.homes, homesIn(around))
  return (left > 0 && left < leastHomes && large[0]?.id === area) || isHidden(around, homesIn, registry)
}

/** Whoever does not see who somebody is sees figures of many only. */
export const tooFewHomes = (
  request: FastifyRequest,
  area: AreaId | undefined,
  ports: Ports,
): Refusal | undefined =>
  !seesClear(viewerOf(request), 'identity') && isHidden(area, countHomes(request, ports), ports.registry)
    ? {
        refused: 'invalid-request',
        detail: `figures of fewer than ${leastHomes} homes, or from which theirs could be told, are not shown`,
      }
    : undefined
