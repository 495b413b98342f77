/** The registry's resources. They differ in data only: one implementation lists, reads, creates and changes them all. */
import { z } from 'zod'
import { DeviceId } from '../model/ids.ts'
import type { InboxEntry } from '../model/journal.ts'
import { asMeant, maskFields, seesField } from '../model/personal.ts'
import type { DevicePresence } from '../model/presence.ts'
import {
  AreaRecord,
  DeviceRecord,
  HomeRecord,
  ResidentRecord,
  ResponderRecord,
  ServicePointRecord,
  type Table,
} from '../model/records.ts'
import type { ApiApp, ApiPorts } from './app.ts'
import { recordInSight } from './authenticate.ts'
import { BatteryView, batteryView } from './battery-view.ts'
import { viewerOf } from './personal-view.ts'
import { problems, reading, writing } from './problem.ts'
import { IdParams, momentOf, momentOrNull, pageOf, pageQuery, Shown } from './shapes.ts'
import { touchedIn } from './touched.ts'
import { validateAllButBody } from './validation.ts'

type Resource = {
  readonly path: string
  readonly table: Table
  readonly record: z.ZodObject
  /** Members by which a list can be narrowed. */
  readonly filters: readonly string[]
  /** Logs in by a secret, which may be given or is made. */
  readonly hasSecret?: true
}

const resources: readonly Resource[] = [
  { path: 'areas', table: 'areas', record: AreaRecord, filters: ['parent', 'level'] },
  {
    path: 'service-points',
    table: 'servicePoints',
    record: ServicePointRecord,
    filters: ['area'],
    hasSecret: true,
  },
  { path: 'responders', table: 'responders', record: ResponderRecord, filters: ['point'] },
  { path: 'homes', table: 'homes', record: HomeRecord, filters: ['area'] },
  { path: 'residents', table: 'residents', record: ResidentRecord, filters: ['home'] },
  {
    path: 'devices',
    table: 'devices',
    record: DeviceRecord,
    filters: ['home', 'resident', 'model'],
    hasSecret: true,
  },
]

const changing = [
  ...writing,
  'unknown-reference',
  'invalid-record',
  'missing-datum',
  'invalid-hours',
  'area-cycle',
] as const

const secret = z.string().min(1).max(256)

const nullable = (shape: z.ZodObject['shape']) =>
  Object.fromEntries(
    Object.entries(shape).map(([name, type]) => [name, z.union([type, z.null()]).optional()]),
  )

const addReading = (
  app: ApiApp,
  { registry, places }: ApiPorts,
  { path, table, record, filters }: Resource,
): void => {
  const where = Object.fromEntries(filters.map(name => [name, z.string().max(200).exactOptional()]))

  app.get(
    `/api/${path}`,
    {
      config: { access: { may: 'registry:read', about: 'filtered' } },
      schema: {
        tags: ['registry'],
        summary: `The ${path}, in order of id`,
        querystring: z.strictObject({
          ...pageQuery,
          text: z
            .string()
            .max(200)
            .exactOptional()
            .describe('Searched in id and name, as far as you see them'),
          ...where,
        }),
        response: { 200: pageOf(record), ...problems(...reading) },
      },
    },
    async request => {
      const { limit, cursor, text, ...where } = request.query
      const viewer = viewerOf(request)
      const isSeen = recordInSight(request, places)
      // Nobody finds out by searching what they are not shown.
      const isSearchable = seesField(record, 'name', viewer)
      const id = isSearchable ? '' : (text ?? '').toLowerCase()
      const { items, nextCursor } = registry.list(table, {
        limit,
        ...(cursor !== undefined && { cursor }),
        ...(text !== undefined && isSearchable && { text }),
        where,
        matches: one => isSeen(table, one) && one.id.toLowerCase().includes(id),
      })
      return { items: items.map(one => maskFields(record, one, viewer)), nextCursor }
    },
  )

  app.get(
    `/api/${path}/:id`,
    {
      config: { access: { may: 'registry:read', about: { kind: table, named: 'id' } } },
      schema: {
        tags: ['registry'],
        summary: `One of the ${path}`,
        params: IdParams,
        response: { 200: record, ...problems(...reading, 'not-found') },
      },
    },
    async request => {
      const found = registry.get(table, request.params.id)
      return found ? maskFields(record, found, viewerOf(request)) : { refused: 'not-found' as const }
    },
  )
}

/** The registry checks records itself and names what is wrong in its own codes: here the shape is documentation. */
const addWriting = (app: ApiApp, { registry, places }: ApiPorts, resource: Resource): void => {
  const { path, table, record, hasSecret } = resource
  const given = hasSecret ? record.extend({ secret: secret.optional() }) : record
  const made = hasSecret ? record.extend({ secret: secret.optional().describe('Shown this once') }) : record

  app.post(
    `/api/${path}`,
    {
      config: { access: { may: 'registry:write', about: 'filtered' } },
      schema: {
        tags: ['registry'],
        summary: `Add one of the ${path}`,
        body: given,
        response: { 201: made, ...problems(...changing, 'duplicate-id') },
      },
    },
    async (request, reply) => {
      const created = await registry.create(table, request.body, recordInSight(request, places))
      if ('refused' in created) return created
      request.subject = { kind: table, id: created.record.id }
      reply.code(201)
      const shown = maskFields(record, created.record, viewerOf(request))
      return created.secret === undefined ? shown : { ...shown, secret: created.secret }
    },
  )

  app.patch(
    `/api/${path}/:id`,
    {
      config: { access: { may: 'registry:write', about: { kind: table, named: 'id' } } },
      schema: {
        tags: ['registry'],
        summary: `Change one of the ${path}; null removes a member`,
        params: IdParams,
        body: z.object(nullable(given.shape)),
        response: { 200: record, ...problems(...changing, 'not-found', 'resident-erased') },
      },
    },
    async request => {
      const { id } = request.params
      const viewer = viewerOf(request)
      const before = registry.get(table, id)
      const change = asMeant(record, request.body, before, viewer)
      const patched = await registry.patch(table, id, change, recordInSight(request, places))
      if ('refused' in patched) return patched
      request.actFacts = touchedIn(change, before, Object.keys(given.shape))
      return maskFields(record, patched.record, viewer)
    },
  )
}

const InboxView = z.object({
  eventKey: z.string(),
  type: z.string(),
  receivedAt: Shown,
  deviceTime: Shown.nullable(),
  data: z.unknown(),
})

const inboxView = ({
  eventKey,
  type,
  receivedAt,
  deviceTime,
  data,
}: InboxEntry): z.infer<typeof InboxView> => ({
  eventKey,
  type,
  receivedAt: momentOf(receivedAt),
  deviceTime: deviceTime === undefined ? null : momentOf(deviceTime),
  data: data ?? null,
})

const addDeviceEvents = (app: ApiApp, { registry, journal }: ApiPorts): void => {
  app.get(
    '/api/devices/:id/events',
    {
      config: { access: { may: 'device:read', about: { kind: 'devices', named: 'id' } } },
      schema: {
        tags: ['registry'],
        summary: 'What a device said that was not understood, newest first',
        params: z.object({ id: DeviceId }),
        querystring: z.strictObject({ limit: pageQuery.limit }),
        response: { 200: z.object({ items: z.array(InboxView) }), ...problems(...reading, 'not-found') },
      },
    },
    async request => {
      const { id } = request.params
      if (!registry.get('devices', id)) return { refused: 'not-found' as const }
      const items = await journal.inboxOf(id, request.query.limit)
      return { items: items.map(inboxView) }
    },
  )
}

export const PresenceView = z.object({
  lastSeenAt: Shown.nullable().describe('null: never heard of'),
  lastPressedAt: Shown.nullable(),
  lastTestedAt: Shown.nullable(),
  connected: z.boolean().nullable().describe('null: the way it comes in does not know of connections'),
  online: z.boolean().nullable(),
  batteryPercent: z.number().nullable(),
  battery: BatteryView,
  rssiDbm: z.number().nullable(),
  mains: z.boolean().nullable(),
  tamper: z.boolean().nullable(),
  firmware: z.string().nullable(),
})

const presenceView = (presence: DevicePresence | undefined): z.infer<typeof PresenceView> => {
  const { status = {}, battery = [] } = presence ?? {}
  return {
    lastSeenAt: momentOrNull(presence?.lastSeenAt),
    lastPressedAt: momentOrNull(presence?.lastPressedAt),
    lastTestedAt: momentOrNull(presence?.lastTestedAt),
    connected: presence?.connected ?? null,
    online: status.online ?? null,
    batteryPercent: status.batteryPercent ?? null,
    battery: batteryView(battery),
    rssiDbm: status.rssiDbm ?? null,
    mains: status.mains ?? null,
    tamper: status.tamper ?? null,
    firmware: status.firmware ?? null,
  }
}

const addDevicePresence = (app: ApiApp, { registry, presence }: ApiPorts): void => {
  app.get(
    '/api/devices/:id/presence',
    {
      config: { access: { may: 'device:read', about: { kind: 'devices', named: 'id' } } },
      schema: {
        tags: ['registry'],
        summary: 'How a device is, by its own latest word',
        params: z.object({ id: DeviceId }),
        response: { 200: PresenceView, ...problems(...reading, 'not-found') },
      },
    },
    async request => {
      const { id } = request.params
      return registry.get('devices', id) ? presenceView(presence.of(id)) : { refused: 'not-found' as const }
    },
  )
}

export const registryRoutes = (app: ApiApp, ports: ApiPorts): void => {
  app.setValidatorCompiler(validateAllButBody)
  for (const resource of resources) {
    addReading(app, ports, resource)
    addWriting(app, ports, resource)
  }
  addDeviceEvents(app, ports)
  addDevicePresence(app, ports)
}
