/** How well homes are watched over, for those who put it right: worst first. */
import { setImmediate } from 'node:timers/promises'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { ruleNames } from '../model/detection.ts'
import type { Refusal } from '../model/errors.ts'
import { AreaId, HomeId } from '../model/ids.ts'
import type { Viewer } from '../model/personal.ts'
import type { Presence } from '../model/presence.ts'
import type { DeviceRecord, HomeRecord } from '../model/records.ts'
import type { Registry } from '../model/registry.ts'
import { type HomeSupervision, type Protection, protections, type Weakness } from '../model/supervision.ts'
import type { ApiApp, ApiPorts } from './app.ts'
import { recordInSight } from './authenticate.ts'
import { BatteryView, batteryView } from './battery-view.ts'
import { tooFewHomes } from './few-homes.ts'
import { shownHome, viewerOf } from './personal-view.ts'
import { problems, reading } from './problem.ts'
import { momentOrNull, pageByKey, pageOf, pageQuery, Shown } from './shapes.ts'
import { unseen } from './unseen.ts'

const worstFirst = protections.toReversed()

const Reason = z.enum([...ruleNames, 'never-seen', 'no-device', 'no-way-to-call', 'line-lost'])

const HomeView = z.object({ id: z.string(), address: z.string(), area: z.string() })

export const SupervisionView = z
  .object({
    home: HomeView,
    state: z.enum(protections),
    since: Shown.nullable().describe('null: not known'),
    weaknesses: z.array(z.object({ reason: Reason, device: z.string().nullable(), since: Shown.nullable() })),
  })
  .meta({ id: 'HomeSupervision' })

export const SupervisedDevice = z.object({
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

const homeView = ({ id, address, area }: HomeRecord, viewer: Viewer): z.infer<typeof HomeView> => ({
  id,
  address,
  area,
  ...shownHome({ address }, viewer),
})

type Supervised = { readonly home: HomeRecord; readonly supervision: HomeSupervision }

const supervisionView = (
  { home, supervision }: Supervised,
  viewer: Viewer,
): z.infer<typeof SupervisionView> => ({
  home: homeView(home, viewer),
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

const homesIn = (area: AreaId | undefined, registry: Registry): readonly HomeRecord[] => {
  const homes = [...registry.all('homes')]
  if (area === undefined) return homes
  const areas = new Set(registry.areasWithin(area))
  return homes.filter(home => areas.has(home.area))
}

/** A few milliseconds' worth. Then whatever waits goes first: alarms are served by the same thread. */
const homesPerSlice = 250

/** Looks at each home in the area that the caller sees. */
const lookAtHomes = async <T>(
  request: FastifyRequest<{ Querystring: { area?: AreaId } }>,
  ports: ApiPorts,
  look: (home: HomeRecord) => T,
): Promise<readonly T[] | Refusal> => {
  const { area } = request.query
  const refusal = unseen(request, ports)('areas', area)
  if (refusal) return refusal
  const isSeen = recordInSight(request, ports.places)
  const seen: T[] = []
  for (const [index, home] of homesIn(area, ports.registry).entries()) {
    if (isSeen('homes', home)) seen.push(look(home))
    if (index % homesPerSlice === homesPerSlice - 1) await setImmediate()
  }
  return seen
}

const listed = { access: { may: 'supervision:read', about: 'filtered' } } as const
const ofHome = {
  access: { may: 'supervision:read', about: { kind: 'homes', named: 'id' } },
} as const
const within = { area: AreaId.exactOptional().describe('With everything inside it') }

const Counts = z
  .object({ protected: z.int(), degraded: z.int(), unprotected: z.int() })
  .describe('Of all homes in the area, whatever state was asked for')

const countsOf = (states: readonly Protection[]): z.infer<typeof Counts> => {
  const counts = { protected: 0, degraded: 0, unprotected: 0 }
  for (const state of states) counts[state] += 1
  return counts
}

const addHomes = (app: ApiApp, ports: ApiPorts): void => {
  const { supervision } = ports
  app.get(
    '/api/supervision',
    {
      config: listed,
      schema: {
        tags: ['supervision'],
        summary: 'How well each home is watched over: worst first, then by id',
        querystring: z.strictObject({ state: z.enum(protections).exactOptional(), ...within, ...pageQuery }),
        response: {
          200: pageOf(SupervisionView).extend({ counts: Counts }),
          ...problems(...reading, 'unknown-reference'),
        },
      },
    },
    async request => {
      const { state, ...page } = request.query
      const all = await lookAtHomes(request, ports, home => ({ home, supervision: supervision.of(home.id) }))
      if ('refused' in all) return all
      const { items, nextCursor } = pageByKey(
        state === undefined ? all : all.filter(one => one.supervision.state === state),
        one => `${worstFirst.indexOf(one.supervision.state)}${one.home.id}`,
        page,
      )
      const viewer = viewerOf(request)
      return {
        items: items.map(one => supervisionView(one, viewer)),
        counts: countsOf(all.map(one => one.supervision.state)),
        nextCursor,
      }
    },
  )
}

const addCounts = (app: ApiApp, ports: ApiPorts): void => {
  app.get(
    '/api/supervision/counts',
    {
      config: { access: { may: 'report:read', about: 'filtered' } },
      schema: {
        tags: ['supervision'],
        summary: 'How many homes are watched over how well, and nothing about any of them',
        querystring: z.strictObject(within),
        response: { 200: Counts, ...problems(...reading, 'unknown-reference') },
      },
    },
    async request => {
      const states = await lookAtHomes(request, ports, home => ports.supervision.of(home.id).state)
      if ('refused' in states) return states
      return tooFewHomes(request, request.query.area, ports) ?? countsOf(states)
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
        ...supervisionView({ home, supervision: found }, viewerOf(request)),
        devices: registry.devicesOf(id).map(device => deviceView(device, presence, found.weaknesses)),
      }
    },
  )
}

const addDueTests = (app: ApiApp, ports: ApiPorts): void => {
  const { registry, supervision, presence } = ports
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
        querystring: z.strictObject({ ...within, ...pageQuery }),
        response: { 200: pageOf(DueTest), ...problems(...reading, 'unknown-reference') },
      },
    },
    async request => {
      const due = await lookAtHomes(request, ports, dueIn)
      if ('refused' in due) return due
      const { items, nextCursor } = pageByKey(
        due.flat(),
        ({ record, since }) => `${momentOrNull(since) ?? ''}/${record.id}`,
        request.query,
      )
      const viewer = viewerOf(request)
      return {
        items: items.map(({ home, record: { id, model, room }, since }) => ({
          device: { id, model, room: room ?? null },
          home: homeView(home, viewer),
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
  addCounts(app, ports)
  addHome(app, ports)
  addDueTests(app, ports)
}
