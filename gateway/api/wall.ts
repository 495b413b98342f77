/** The wall board: how the whole of an area stands now, and which homes nobody reaches in time (盲区). */
import { z } from 'zod'
import type { Alarm } from '../model/alarm.ts'
import { circleMinutes, countCoverage, type HomeReach, isUncovered } from '../model/coverage.ts'
import { AreaId } from '../model/ids.ts'
import { type AlarmClass, alarmClasses } from '../model/kinds.ts'
import { seesClear, type Viewer } from '../model/personal.ts'
import { Position } from '../model/records.ts'
import type { ApiApp, ApiPorts } from './app.ts'
import { colleagueInSight } from './colleagues.ts'
import { shownHome, viewerOf } from './personal-view.ts'
import { problems, reading } from './problem.ts'
import { momentOf, momentOrNull, pageByKey, pageQuery, Shown } from './shapes.ts'
import { PointView, pointViews, sightOf } from './town-view.ts'
import { unseen } from './unseen.ts'

const longestMinutes = 240

const config = { access: { may: 'wall:read', about: 'filtered' } } as const
const within = { area: AreaId.exactOptional().describe('With everything inside it') }

export const Wall = z
  .object({
    at: Shown,
    points: z.array(PointView),
    alarms: z.object({
      byClass: z.record(z.enum(alarmClasses), z.int()),
      waiting: z.int().describe('Offered, and taken by nobody; tests do not count'),
      oldestWaitingSince: Shown.nullable(),
    }),
    homes: z
      .object({ total: z.int(), uncovered: z.int(), withoutPosition: z.int() })
      .describe('uncovered: no open point that takes emergencies reaches it in 15 minutes'),
    onDuty: z.int(),
  })
  .meta({ id: 'Wall' })

export const UncoveredHome = z.object({
  id: z.string(),
  area: z.string(),
  address: z.string().nullable(),
  position: Position.nullable().describe('null: not for the caller'),
  nearestPoint: z.string().nullable().describe('null: no point that takes emergencies is open'),
  travelMinutes: z.number().nullable().describe('null: there is no such point, or it is not for the caller'),
})

const alarmsView = (alarms: readonly Alarm[]): z.infer<typeof Wall>['alarms'] => {
  const waiting = alarms.filter(alarm => alarm.state === 'offered' && alarm.class !== 'test')
  const oldest = waiting.reduce<number | undefined>(
    (since, { receivedAt }) => Math.min(since ?? receivedAt, receivedAt),
    undefined,
  )
  const count = (alarmClass: AlarmClass): number => alarms.filter(alarm => alarm.class === alarmClass).length
  return {
    byClass: {
      call: count('call'),
      hazard: count('hazard'),
      inferred: count('inferred'),
      technical: count('technical'),
      service: count('service'),
      test: count('test'),
    },
    waiting: waiting.length,
    oldestWaitingSince: momentOrNull(oldest),
  }
}

const uncoveredView = ({ home, nearest }: HomeReach, viewer: Viewer): z.infer<typeof UncoveredHome> => {
  const { address, position } = shownHome({ address: home.address, position: home.position }, viewer)
  return {
    id: home.id,
    area: home.area,
    address: address ?? null,
    position: position ?? null,
    nearestPoint: nearest?.point ?? null,
    travelMinutes: seesClear(viewer, 'identity') ? (nearest?.travelMinutes ?? null) : null,
  }
}

/**
 * Who does not see where somebody lives asks by whole circles: by ever more minutes, at hours when ever other points are
 * open, a home would be found.
 */
const minutesFor = (viewer: Viewer, minutes: number): number =>
  seesClear(viewer, 'identity') ? minutes : Math.ceil(minutes / circleMinutes) * circleMinutes

const addWall = (app: ApiApp, ports: ApiPorts): void => {
  const { coverage, watch, clock } = ports
  app.get(
    '/api/wall',
    {
      config,
      schema: {
        tags: ['wall'],
        summary: 'How an area stands now: points and their load, alarms that wait, homes out of reach',
        querystring: z.strictObject(within),
        response: { 200: Wall, ...problems(...reading, 'unknown-reference') },
      },
    },
    async request => {
      const { area } = request.query
      const refusal = unseen(request, ports)('areas', area)
      if (refusal) return refusal
      const reaches = await coverage.homes()
      const { points, alarms, homesOf } = sightOf(request, ports, area)
      const isSeen = colleagueInSight(request, ports)
      return {
        at: momentOf(clock.now()),
        points: pointViews(points, ports),
        alarms: alarmsView(alarms),
        homes: countCoverage(
          reaches.filter(({ home }) => homesOf(home.area)),
          circleMinutes,
        ),
        onDuty: watch.now().onDuty.filter(({ user }) => isSeen(user.id)).length,
      }
    },
  )
}

const addCoverage = (app: ApiApp, ports: ApiPorts): void => {
  app.get(
    '/api/coverage',
    {
      config,
      schema: {
        tags: ['wall'],
        summary: 'Homes that no open point which takes emergencies reaches in time, by id',
        querystring: z.strictObject({
          ...within,
          minutes: z.coerce
            .number()
            .int()
            .min(1)
            .max(longestMinutes)
            .default(circleMinutes)
            .describe('Rounded up to 15 for who does not see where somebody lives'),
          ...pageQuery,
        }),
        response: {
          200: z.object({
            minutes: z.int(),
            homes: z.array(UncoveredHome),
            nextCursor: z.string().nullable().describe('Asks for the next page; null on the last'),
          }),
          ...problems(...reading, 'unknown-reference'),
        },
      },
    },
    async request => {
      const { area, minutes: asked, ...page } = request.query
      const refusal = unseen(request, ports)('areas', area)
      if (refusal) return refusal
      const viewer = viewerOf(request)
      const minutes = minutesFor(viewer, asked)
      const reaches = await ports.coverage.homes()
      const { homesOf } = sightOf(request, ports, area)
      const uncovered = reaches.filter(reach => homesOf(reach.home.area) && isUncovered(reach, minutes))
      const { items, nextCursor } = pageByKey(uncovered, ({ home }) => home.id, page)
      return { minutes, homes: items.map(reach => uncoveredView(reach, viewer)), nextCursor }
    },
  )
}

export const wallRoutes = (app: ApiApp, ports: ApiPorts): void => {
  addWall(app, ports)
  addCoverage(app, ports)
}
