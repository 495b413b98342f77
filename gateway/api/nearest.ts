/** Who could go to an alarm now: the best points, and their responders in the order in which one would ask them. */
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Alarm } from '../model/alarm.ts'
import { AlarmId, type PointId, type ResponderId } from '../model/ids.ts'
import { maskFields, type Viewer } from '../model/personal.ts'
import { Position, ResponderRecord } from '../model/records.ts'
import type { Candidate, NoPointReason } from '../model/routing.ts'
import type { ApiApp, ApiPorts } from './app.ts'
import { knownThrough } from './known-through.ts'
import { viewerOf } from './personal-view.ts'
import { problems, reading } from './problem.ts'

/** So many of all responders are offered to be sent. */
const offeredResponders = 3

const NearestResponder = z.object({
  id: z.string(),
  name: z.string(),
  role: z.string().nullable(),
  phone: z
    .string()
    .nullable()
    .describe('In part; in clear, and on record, by `POST /api/alarms/{id}/reveal`'),
  hasLogin: z.boolean().describe('Can accept on a telephone of their own'),
  busyWith: z.int().describe('Open alarms that they are sent to, other than this one'),
  declined: z.boolean().describe('This alarm'),
  order: z
    .int()
    .nullable()
    .describe(
      `1 to ${offeredResponders}: whom to ask first. Near before far, then free before busy; declined last`,
    ),
})
export type NearestResponder = z.infer<typeof NearestResponder>

const NearestPoint = z.object({
  id: z.string(),
  name: z.string(),
  phone: z.string().nullable(),
  area: z.string(),
  position: Position,
  travelMinutes: z.number(),
  reachable: z.boolean().describe('Its terminal is connected'),
  openAlarms: z.int().describe('That it holds'),
  responders: z.array(NearestResponder),
})
export type NearestPoint = z.infer<typeof NearestPoint>

/** How much everybody has to do already. */
type Load = {
  readonly held: ReadonlyMap<PointId, number>
  readonly sent: ReadonlyMap<ResponderId, number>
}

const counted = <T>(ids: readonly T[]): ReadonlyMap<T, number> =>
  new Map(
    Map.groupBy(ids, id => id)
      .entries()
      .map(([id, all]) => [id, all.length]),
  )

const loadBeside = (id: AlarmId, open: Iterable<Alarm>): Load => {
  const others = [...open].filter(alarm => alarm.id !== id)
  return {
    held: counted(others.flatMap(({ holder }) => (holder?.kind === 'point' ? [holder.id] : []))),
    sent: counted(others.flatMap(({ dispatchedTo = [] }) => dispatchedTo)),
  }
}

type Beside = { readonly alarm: Alarm; readonly load: Load; readonly viewer: Viewer }

const responderView = (
  record: ResponderRecord,
  { alarm: { declined }, load: { sent }, viewer }: Beside,
): NearestResponder => {
  const { id, name, role, user } = record
  return {
    id,
    name,
    role: role ?? null,
    phone: maskFields(ResponderRecord, record, viewer).phone ?? null,
    hasLogin: user !== undefined,
    busyWith: sent.get(id) ?? 0,
    declined: declined?.includes(id) ?? false,
    order: null,
  }
}

const byTurn = (a: NearestResponder, b: NearestResponder): number =>
  Number(a.declined) - Number(b.declined) || a.busyWith - b.busyWith || (a.id < b.id ? -1 : 1)

/** Numbers the first few. Points come as they are; who is near goes before who is far. */
const ordered = (points: readonly NearestPoint[]): NearestPoint[] => {
  const first = points
    .toSorted((a, b) => a.travelMinutes - b.travelMinutes)
    .flatMap(({ responders }) => responders)
    .toSorted((a, b) => Number(a.declined) - Number(b.declined))
    .slice(0, offeredResponders)
  return points.map(point => ({
    ...point,
    responders: point.responders.map(one => ({ ...one, order: first.indexOf(one) + 1 || null })),
  }))
}

/** As far as the caller may send them: points in sight, and those that were asked. */
export const candidatesFor = (
  request: FastifyRequest,
  alarm: Alarm,
  { registry, places, route }: Pick<ApiPorts, 'registry' | 'places' | 'route'>,
): { readonly candidates: readonly Candidate[]; readonly noPoint?: NoPointReason } => {
  const { candidates, noPoint } = route(alarm)
  const isKnown = knownThrough(request, places.ofAlarm(alarm))
  const known = candidates.filter(({ point }) => {
    const record = registry.get('servicePoints', point)
    return record && isKnown(places.ofRecord('servicePoints', record))
  })
  return { candidates: known, ...(noPoint && { noPoint }) }
}

const nearestTo = (
  candidates: readonly Candidate[],
  { registry }: Pick<ApiPorts, 'registry'>,
  beside: Beside,
): NearestPoint[] => {
  const respondersOf = Map.groupBy(registry.all('responders'), ({ point }) => point)
  return ordered(
    candidates.flatMap(({ point, travelMinutes, reachable }) => {
      const record = registry.get('servicePoints', point)
      if (!record) return []
      const { id, name, phone, area, position } = record
      const responders = (respondersOf.get(point) ?? []).map(one => responderView(one, beside))
      return {
        id,
        name,
        phone: phone ?? null,
        area,
        position,
        travelMinutes,
        reachable,
        openAlarms: beside.load.held.get(point) ?? 0,
        responders: responders.sort(byTurn),
      }
    }),
  )
}

export const nearestRoutes = (app: ApiApp, ports: ApiPorts): void => {
  app.get(
    '/api/alarms/:id/nearest',
    {
      // Not for who only looks on: from the ways to three points follows where the home is.
      config: { access: { may: 'alarm:work', about: { kind: 'alarms', named: 'id' } } },
      schema: {
        tags: ['alarms'],
        summary: 'Who could go now: the best points and their responders, as far as the caller may send them',
        params: z.object({ id: AlarmId }),
        response: {
          200: z.object({
            points: z.array(NearestPoint),
            noPoint: z.string().nullable().describe('Why there is none, or none whose terminal is connected'),
          }),
          ...problems(...reading, 'alarm-not-found'),
        },
      },
    },
    async request => {
      const alarm = await ports.alarm(request.params.id)
      if (!alarm) return { refused: 'alarm-not-found' as const }
      const { candidates, noPoint } = candidatesFor(request, alarm, ports)
      const beside = { alarm, load: loadBeside(alarm.id, ports.openAlarms()), viewer: viewerOf(request) }
      return { points: nearestTo(candidates, ports, beside), noPoint: noPoint ?? null }
    },
  )
}
