/** How well homes are watched over, for those who put it right: worst first. */
import { setImmediate } from 'node:timers/promises'
import { z } from 'zod'
import { ruleNames } from '../model/detection.ts'
import type { Refusal } from '../model/errors.ts'
import { AreaId, HomeId } from '../model/ids.ts'
import type { Presence } from '../model/presence.ts'
import type { DeviceRecord, HomeRecord } from '../model/records.ts'
import type { Registry } from '../model/registry.ts'
import { type HomeSupervision, type Protection, protections, type Weakness } from '../model/supervision.ts'
import type { ApiApp, ApiPorts } from './app.ts'
import { BatteryView, batteryView } from './battery-view.ts'
import { problems, reading } from './problem.ts'
import { momentOrNull, pageByKey, pageOf, pageQuery, Shown } from './shapes.ts'

const worstFirst = protections.toReversed()

const Reason = z.enum([...ruleNames, 'never-seen', 'no-device', 'no-way-to-call', 'line-lost'])

const HomeView = z.object({ id: z.string(), address: z.string(), area: z.string() })

const SupervisionView = z
  .object({
    home: HomeView,
    state: z.enum(protections),
    since: Shown.nullable().describe('null: not known'),
    weaknesses: z.array(z.object({ reason: Reason, device: z.string().nullable(), since: Shown.nullable() })),
  })
  .meta({ id: 'HomeSupervision' })

const SupervisedDevice = z.object({
  id: z.string(),
  model: z.string(),
  room: z.string().nullable(),
  lastSeenAt: Shown.nullable().describe('null: never heard of'),
  lastPressedAt: Shown.nullable(),
  lastTestedAt: Shown.nullable(),
  connected: z.boolean().nullable(),
  rssiDbm: z.number().nullable(),
  battery: BatteryView,
  conditions: z.array(z.object({ reason: Reason, since: Shown.nullable() })),
})

const DueTest = z.object({
  device: z.object({ id: z.string(), model: z.string(), room: z.string().nullable() }),
  home: HomeView,
  since: Shown.nullable().describe('Since when it is missing'),
  lastTestedAt: Shown.nullable().describe('null: never'),
})

const homeView = ({ id, address, area }: HomeRecord): z.infer<typeof HomeView> => ({ id, address, area })

type Supervised = { readonly home: HomeRecord; readonly supervision: HomeSupervision }

const supervisionView = ({ home, supervision }: Supervised): z.infer<typeof SupervisionView> => ({
  home: homeView(home),
  state: supervision.state,
  since: momentOrNull(supervision.since),
  weaknesses: supervision.weaknesses.map(({ reason, device, since }) => ({
    reason,
    device: device ?? null,
    since: momentOrNull(since),
  })),
})

const deviceView = (
  { id, model, room }: DeviceRecord,
  presence: Presence,
  weaknesses: readonly Weakness[],
): z.infer<typeof SupervisedDevice> => {
  const known = presence.of(id)
  return {
    id,
    model,
    room: room ?? null,
    lastSeenAt: momentOrNull(known?.lastSeenAt),
    lastPressedAt: momentOrNull(known?.lastPressedAt),
    lastTestedAt: momentOrNull(known?.lastTestedAt),
    connected: known?.connected ?? null,
    rssiDbm: known?.status.rssiDbm ?? null,
    battery: batteryView(known?.battery ?? []),
    conditions: weaknesses
      .filter(({ device }) => device === id)
      .map(({ reason, since }) => ({ reason, since: momentOrNull(since) })),
  }
}

/** An unknown area is refused: an empty list would look like peace. */
const homesIn = (area: AreaId | undefined, registry: Registry): readonly HomeRecord[] | Refusal => {
  const homes = [...registry.all('homes')]
  if (area === undefined) return homes
  if (!registry.get('areas', area)) {
    return { refused: 'unknown-reference', detail: `there is no area ${area}` }
  }
  const areas = new Set(registry.areasWithin(area))
  return homes.filter(home => areas.has(home.area))
}

/** A few milliseconds' worth. Then whatever waits goes first: alarms are served by the same thread. */
const homesPerSlice = 250

const inSlices = async <T>(
  homes: readonly HomeRecord[],
  look: (home: HomeRecord) => T,
): Promise<readonly T[]> => {
  const seen: T[] = []
  for (const home of homes) {
    seen.push(look(home))
    if (seen.length % homesPerSlice === 0) await setImmediate()
  }
  return seen
}

const listed = { access: { may: 'supervision:read', about: 'filtered' } } as const
const ofHome = {
  access: { may: 'supervision:read', about: { kind: 'homes', named: 'id' } },
} as const
const within = { area: AreaId.exactOptional().describe('With everything inside it'), ...pageQuery }

const addHomes = (app: ApiApp, { registry, supervision }: ApiPorts): void => {
  app.get(
    '/api/supervision',
    {
      config: listed,
      schema: {
        tags: ['supervision'],
        summary: 'How well each home is watched over: worst first, then by id',
        querystring: z.strictObject({ state: z.enum(protections).exactOptional(), ...within }),
        response: {
          200: pageOf(SupervisionView).extend({
            counts: z
              .object({ protected: z.int(), degraded: z.int(), unprotected: z.int() })
              .describe('Of all homes in the area, whatever state was asked for'),
          }),
          ...problems(...reading, 'unknown-reference'),
        },
      },
    },
    async request => {
      const { state, area, ...page } = request.query
      const homes = homesIn(area, registry)
      if ('refused' in homes) return homes
      const all = await inSlices(homes, home => ({ home, supervision: supervision.of(home.id) }))
      const byState = Map.groupBy(all, one => one.supervision.state)
      const countOf = (one: Protection): number => byState.get(one)?.length ?? 0
      const { items, nextCursor } = pageByKey(
        (state === undefined ? worstFirst : [state]).flatMap(one => byState.get(one) ?? []),
        one => `${worstFirst.indexOf(one.supervision.state)}${one.home.id}`,
        page,
      )
      return {
        items: items.map(supervisionView),
        counts: {
          protected: countOf('protected'),
          degraded: countOf('degraded'),
          unprotected: countOf('unprotected'),
        },
        nextCursor,
      }
    },
  )
}

const addHome = (app: ApiApp, { registry, supervision, presence }: ApiPorts): void => {
  app.get(
    '/api/homes/:id/supervision',
    {
      config: ofHome,
      schema: {
        tags: ['supervision'],
        summary: 'How well one home is watched over, and each of its devices',
        params: z.object({ id: HomeId }),
        response: {
          200: SupervisionView.extend({ devices: z.array(SupervisedDevice) }),
          ...problems(...reading, 'not-found'),
        },
      },
    },
    async request => {
      const { id } = request.params
      const home = registry.get('homes', id)
      if (!home) return { refused: 'not-found' as const, detail: `there is no home ${id}` }
      const found = supervision.of(id)
      return {
        ...supervisionView({ home, supervision: found }),
        devices: registry.devicesOf(id).map(device => deviceView(device, presence, found.weaknesses)),
      }
    },
  )
}

const addDueTests = (app: ApiApp, { registry, supervision, presence }: ApiPorts): void => {
  const dueIn = (home: HomeRecord) =>
    supervision.of(home.id).weaknesses.flatMap(({ reason, device, since }) => {
      const record = device === undefined ? undefined : registry.get('devices', device)
      return reason === 'weekly-test' && record ? [{ home, record, since }] : []
    })

  app.get(
    '/api/supervision/tests-due',
    {
      config: listed,
      schema: {
        tags: ['supervision'],
        summary: 'Devices whose weekly test press is missing, longest first: the technician’s list',
        querystring: z.strictObject(within),
        response: { 200: pageOf(DueTest), ...problems(...reading, 'unknown-reference') },
      },
    },
    async request => {
      const { area, ...page } = request.query
      const homes = homesIn(area, registry)
      if ('refused' in homes) return homes
      const { items, nextCursor } = pageByKey(
        (await inSlices(homes, dueIn)).flat(),
        ({ record, since }) => `${momentOrNull(since) ?? ''}/${record.id}`,
        page,
      )
      return {
        items: items.map(({ home, record: { id, model, room }, since }) => ({
          device: { id, model, room: room ?? null },
          home: homeView(home),
          since: momentOrNull(since),
          lastTestedAt: momentOrNull(presence.of(id)?.lastTestedAt),
        })),
        nextCursor,
      }
    },
  )
}

export const supervisionRoutes = (app: ApiApp, ports: ApiPorts): void => {
  addHomes(app, ports)
  addHome(app, ports)
  addDueTests(app, ports)
}
