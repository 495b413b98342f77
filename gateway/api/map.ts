/** What a map shows: homes where an alarm is open, and points. Who may not know where somebody lives gets no position. */
import { z } from 'zod'
import { type Alarm, alarmStates } from '../model/alarm.ts'
import { AreaId, type HomeId } from '../model/ids.ts'
import { alarmClasses, priorities } from '../model/kinds.ts'
import type { Viewer } from '../model/personal.ts'
import { Position } from '../model/records.ts'
import { Kind } from './alarm-view.ts'
import type { ApiApp, ApiPorts } from './app.ts'
import { shownHome, viewerOf } from './personal-view.ts'
import { problems, reading } from './problem.ts'
import { momentOf, Shown } from './shapes.ts'
import { PointView, pointViews, sightOf } from './town-view.ts'
import { unseen } from './unseen.ts'

const HomeOnMap = z.object({
  id: z.string(),
  area: z.string(),
  position: Position.nullable().describe('null: nobody knows it, or it is not for the caller'),
  alarms: z.array(
    z.object({
      id: z.string(),
      kind: Kind,
      class: z.enum(alarmClasses),
      priority: z.enum(priorities),
      state: z.enum(alarmStates),
      receivedAt: Shown,
    }),
  ),
})

export const TownMap = z
  .object({ at: Shown, homes: z.array(HomeOnMap), points: z.array(PointView) })
  .meta({ id: 'TownMap' })

const alarmOnMap = (alarm: Alarm): z.infer<typeof HomeOnMap>['alarms'][number] => ({
  id: alarm.id,
  kind: alarm.kind,
  class: alarm.class,
  priority: alarm.priority,
  state: alarm.state,
  receivedAt: momentOf(alarm.receivedAt),
})

const homeOnMap = (
  id: HomeId,
  alarms: readonly Alarm[],
  { registry, viewer }: Pick<ApiPorts, 'registry'> & { readonly viewer: Viewer },
): readonly z.infer<typeof HomeOnMap>[] => {
  const home = registry.get('homes', id)
  if (!home) return []
  const { position } = shownHome({ position: home.position }, viewer)
  return [{ id, area: home.area, position: position ?? null, alarms: alarms.map(alarmOnMap) }]
}

export const mapRoutes = (app: ApiApp, ports: ApiPorts): void => {
  const { registry, clock } = ports
  app.get(
    '/api/map',
    {
      config: { access: { may: 'wall:read', about: 'filtered' } },
      schema: {
        tags: ['wall'],
        summary: 'Where alarms are open, and where the points are',
        querystring: z.strictObject({ area: AreaId.exactOptional().describe('With everything inside it') }),
        response: { 200: TownMap, ...problems(...reading, 'unknown-reference') },
      },
    },
    async request => {
      const { area } = request.query
      const refusal = unseen(request, ports)('areas', area)
      if (refusal) return refusal
      const { points, alarms } = sightOf(request, ports, area)
      const viewer = viewerOf(request)
      const byHome = Map.groupBy(alarms, ({ location }) => location.home)
      return {
        at: momentOf(clock.now()),
        homes: [...byHome].flatMap(([home, ofHome]) =>
          home === undefined ? [] : homeOnMap(home, ofHome, { registry, viewer }),
        ),
        points: pointViews(points, ports),
      }
    },
  )
}
