/** How an area stands: its points with their load, and the open alarms there, as far as the caller sees them. */

import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Alarm } from '../model/alarm.ts'
import type { AreaId, PointId } from '../model/ids.ts'
import { Position, type ServicePointRecord } from '../model/records.ts'
import { sees } from '../model/scope.ts'
import type { ApiPorts } from './app.ts'
import { principalOf } from './authenticate.ts'

type Ports = Pick<ApiPorts, 'registry' | 'places' | 'openAlarms' | 'coverage' | 'reachable'>

export const PointView = z
  .object({
    id: z.string(),
    name: z.string(),
    area: z.string(),
    position: Position,
    open: z.boolean().describe('By its hours, now'),
    suspended: z.boolean(),
    connected: z.boolean().describe('Its terminal, now'),
    responders: z.int(),
    busyResponders: z.int().describe('Sent to an open alarm'),
    openAlarms: z.int().describe('Held by it, or asked of it and held by nobody'),
    reachMeters: z
      .number()
      .nullable()
      .describe('Its 15-minute circle, as /api/coverage counts; null: it takes no emergencies now'),
  })
  .meta({ id: 'PointLoad' })

/** What the caller sees of an area with everything inside it, or of everywhere. */
export const sightOf = (request: FastifyRequest, { registry, places, openAlarms }: Ports, area?: AreaId) => {
  const { scopes } = principalOf(request)
  const within = area === undefined ? undefined : new Set(registry.areasWithin(area))
  // Whoever asks for the whole of an area is bound by areas: what holds for it holds for its homes.
  const seen = new Map(
    Array.from(registry.all('areas'), record => [
      record.id,
      (within === undefined || within.has(record.id)) &&
        (scopes.length === 0 || sees(scopes, places.ofRecord('areas', record))),
    ]),
  )
  return {
    homesOf: (id: AreaId): boolean => seen.get(id) === true,
    points: [...registry.all('servicePoints')].filter(
      point =>
        (within === undefined || within.has(point.area)) &&
        (scopes.length === 0 || sees(scopes, places.ofRecord('servicePoints', point))),
    ),
    alarms: [...openAlarms()].filter(alarm => {
      const place = places.ofAlarm(alarm)
      return sees(scopes, place) && (area === undefined || sees([{ area }], place))
    }),
  }
}

/** The points that have something to do with it now. */
const pointsOf = ({ holder, asked }: Alarm): readonly PointId[] => {
  if (holder) return holder.kind === 'point' ? [holder.id] : []
  return asked.flatMap(one => (one.kind === 'point' ? [one.point] : []))
}

const countsOf = (ids: Iterable<string>): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1)
  return counts
}

/** Their load counts whatever alarm it is from: a number tells nobody where. */
export const pointViews = (
  points: readonly ServicePointRecord[],
  { registry, openAlarms, coverage, reachable }: Ports,
): z.infer<typeof PointView>[] => {
  const alarms = [...openAlarms()]
  const busy = new Set(alarms.flatMap(({ dispatchedTo }) => dispatchedTo ?? []))
  const responders = [...registry.all('responders')]
  const all = countsOf(responders.map(({ point }) => point))
  const sent = countsOf(responders.filter(({ id }) => busy.has(id)).map(({ point }) => point))
  const load = countsOf(alarms.flatMap(pointsOf))
  const connected = reachable()
  return points.map(point => ({
    id: point.id,
    name: point.name,
    area: point.area,
    position: point.position,
    open: coverage.isOpen(point),
    suspended: point.suspended ?? false,
    connected: connected.has(point.id),
    responders: all.get(point.id) ?? 0,
    busyResponders: sent.get(point.id) ?? 0,
    openAlarms: load.get(point.id) ?? 0,
    reachMeters: coverage.reachMeters(point) ?? null,
  }))
}
