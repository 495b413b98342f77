import type { FastifyRequest } from 'fastify'
import type { Refusal } from '../model/errors.ts'
import type { AreaId } from '../model/ids.ts'
import { seesClear } from '../model/personal.ts'
import type { ApiPorts } from './app.ts'
import { recordInSight } from './authenticate.ts'
import { viewerOf } from './personal-view.ts'

/** Figures of fewer homes than these are somebody's: whoever knows the place knows of whom they tell. */
const leastHomes = 5

/** Whoever does not see who somebody is sees figures of many only. */
export const tooFewHomes = (
  request: FastifyRequest,
  area: AreaId | undefined,
  { registry, places }: Pick<ApiPorts, 'registry' | 'places'>,
): Refusal | undefined => {
  if (seesClear(viewerOf(request), 'identity')) return undefined
  const areas = area === undefined ? undefined : new Set(registry.areasWithin(area))
  const isSeen = recordInSight(request, places)
  const homes = Iterator.from(registry.all('homes'))
    .filter(home => (areas === undefined || areas.has(home.area)) && isSeen('homes', home))
    .take(leastHomes)
    .toArray()
  return homes.length < leastHomes
    ? { refused: 'invalid-request', detail: `figures of fewer than ${leastHomes} homes are not shown` }
    : undefined
}
