/** The API on a real journal, registry and door, with everything that a device or terminal would do at hand. */
import { randomBytes } from 'node:crypto'
import { pino } from 'pino'
import { Registry as Metrics } from 'prom-client'
import { z } from 'zod'
import { openAccess } from '../../../gateway/access/access.ts'
import { policyFor } from '../../../gateway/alarm/policy.ts'
import { createApi } from '../../../gateway/api/api.ts'
import type { ApiApp, ApiPorts, Readiness } from '../../../gateway/api/app.ts'
import { createBackups } from '../../../gateway/backup/backups.ts'
import type { Manifest } from '../../../gateway/backup/manifest.ts'
import { openCards } from '../../../gateway/cards/cards.ts'
import { openCare } from '../../../gateway/care/care.ts'
import { createCoverage } from '../../../gateway/coverage.ts'
import { createDesk } from '../../../gateway/desk.ts'
import { ruleTable } from '../../../gateway/detect/rule-table.ts'
import { createDoor } from '../../../gateway/door.ts'
import { createFeed } from '../../../gateway/feed.ts'
import { openInstallation } from '../../../gateway/installation/installation.ts'
import { createMemoryJournal } from '../../../gateway/journal/memory.ts'
import { presetLevels } from '../../../gateway/model/care.ts'
import type { ConsoleFacts } from '../../../gateway/model/console.ts'
import type { Refusal } from '../../../gateway/model/errors.ts'
import { AlarmId, AreaId, DeviceId, HomeId, PointId, ResidentId } from '../../../gateway/model/ids.ts'
import type { AlarmKind } from '../../../gateway/model/kinds.ts'
import type { DevicePresence } from '../../../gateway/model/presence.ts'
import type { Routing } from '../../../gateway/model/routing.ts'
import { mayWatch } from '../../../gateway/model/shift.ts'
import type { HomeSupervision, Stranger } from '../../../gateway/model/supervision.ts'
import type { Sample, SeriesPoint, SeriesQuery } from '../../../gateway/model/telemetry.ts'
import { createPastAlarm } from '../../../gateway/past-alarm.ts'
import { createPlaces } from '../../../gateway/places.ts'
import { openProvisioning } from '../../../gateway/provisioning/provisioning.ts'
import { openRegistry } from '../../../gateway/registry/registry.ts'
import { openReviews } from '../../../gateway/reviews.ts'
import { openShift } from '../../../gateway/shift/shift.ts'
import { createWatchKeeping } from '../../../gateway/watch-keeping.ts'
import { createWhereabouts } from '../../../gateway/whereabouts.ts'
import { cheapHash } from '../../support/cheap-hash.ts'
import { createLives } from '../../support/device-lives.ts'
import { openTestPrivacy } from '../../support/privacy.ts'
import { createTestVault } from '../../support/test-vault.ts'
import { createVirtualClock } from '../../support/virtual-clock.ts'

export const adminPassword = 'an admin password'
export const operatorPassword = 'an operator password'

export const town = {
  areas: [
    { id: 'anshan', name: '鞍山市', level: 'city' },
    { id: 'tiedong', name: '铁东区', level: 'county', parent: 'anshan' },
    { id: 'tiexi', name: '铁西区', level: 'county', parent: 'anshan' },
  ],
  servicePoints: [1, 2].map(number => ({
    id: `sp-00${number}`,
    name: `第${number}服务站`,
    area: 'tiedong',
    position: { lat: 41.1 + number / 100, lon: 122.99, datum: 'WGS84' },
    phone: '0412-555000',
    secret: 'terminal-secret',
  })),
  responders: [{ id: 'rs-01', name: '赵强', point: 'sp-001', role: 'carer' }],
  homes: [
    {
      id: 'h-0001',
      address: '胜利路 1 号',
      area: 'tiedong',
      position: { lat: 41.12, lon: 122.98, datum: 'WGS84' },
      doorNote: '钥匙在门卫',
    },
    { id: 'h-0002', address: '人民路 2 号', area: 'tiexi' },
  ],
  residents: [
    {
      id: 'r-0001',
      home: 'h-0001',
      name: '李秀英',
      birthYear: 1941,
      contacts: [{ name: '李明', relation: 'son', phone: '13900000000', order: 1 }],
    },
  ],
  devices: [
    {
      id: 'btn-0001',
      model: 'native/call-button',
      home: 'h-0001',
      resident: 'r-0001',
      room: 'bedroom',
      secret: 'button-secret',
    },
    { id: 'btn-0002', model: 'native/call-button', home: 'h-0002', secret: 'button-secret' },
  ],
}

const routing: Routing = {
  candidates: [1, 2].map(rank => ({
    point: PointId.parse(`sp-00${rank}`),
    rank,
    distanceMeters: rank * 500,
    travelMinutes: rank * 3,
    reachable: true,
  })),
  passedOver: { closed: 0, suspended: 0, incapable: 0 },
  county: AreaId.parse('tiedong'),
  city: AreaId.parse('anshan'),
}

const openDoor = (journal: ReturnType<typeof createMemoryJournal>, feed: ReturnType<typeof createFeed>) =>
  createDoor({
    journal,
    policyOf: (alarmClass, preset) =>
      policyFor(alarmClass, preset, {
        verificationMs: 60_000,
        leaseMs: 120_000,
        acceptMs: 120_000,
        followUpMs: 172_800_000,
      }),
    owed: ({ events, after, at }) =>
      events
        .filter(event => event.type === 'offered')
        .map(({ epoch }) => ({
          id: `${after.id}/${after.version}/point:sp-001`,
          alarm: after.id,
          version: after.version,
          kind: 'offer',
          recipient: 'point:sp-001',
          topic: String(epoch),
          createdAt: at,
        })),
    onCommitted: ({ entries }) => feed.push(entries),
  })

const Content = z.object({ content: z.record(z.string(), z.object({ schema: z.instanceof(z.ZodType) })) })

const schemaOf = (response: unknown, mediaType: string): z.ZodType | undefined => {
  if (response instanceof z.ZodType) return response
  const content = Content.safeParse(response)
  return content.success ? content.data.content[mediaType]?.schema : undefined
}

/** Holds every JSON answer against what its route documents: nothing missing, nothing more. */
const collectMismatches = (api: ApiApp): string[] => {
  const mismatches: string[] = []
  api.addHook('onSend', async (request, reply, payload) => {
    if (request.is404 || typeof payload !== 'string') return payload
    const documented = z.record(z.string(), z.unknown()).parse(request.routeOptions.schema?.response)
    const mediaType = String(reply.getHeader('content-type')).split(';', 1)[0] ?? ''
    if (!mediaType.endsWith('json')) return payload
    const answer = documented[String(reply.statusCode)] ?? documented.default
    const parsed = schemaOf(answer, mediaType)?.safeParse(JSON.parse(payload))
    const what = `${request.method} ${request.url} ${reply.statusCode}`
    if (documented[String(reply.statusCode)] === undefined) mismatches.push(`${what}: not documented`)
    if (!parsed?.success) mismatches.push(`${what}: ${parsed?.error.message ?? 'no schema'} ${payload}`)
    else if (!sameJson(parsed.data, JSON.parse(payload))) mismatches.push(`${what}: says more ${payload}`)
    return payload
  })
  return mismatches
}

const sorted = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value
const sameJson = (a: unknown, b: unknown): boolean => JSON.stringify(a, sorted) === JSON.stringify(b, sorted)

/** What a store answers. */
const seriesOf = (
  samples: readonly Sample[],
  { device, metric, from, to, everyMs }: SeriesQuery,
): readonly SeriesPoint[] => {
  const found = samples.flatMap(({ device: of, at, readings: { [metric]: value } }) =>
    of === device && at >= from && at < to && value !== undefined ? [{ at, value }] : [],
  )
  const points = Map.groupBy(found, ({ at }) => Math.floor(at / everyMs) * everyMs)
  return [...points].map(([at, inPoint]) => {
    const values = inPoint.map(({ value }) => value)
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    return { at, min: Math.min(...values), mean, max: Math.max(...values), count: values.length }
  })
}

export type World = Awaited<ReturnType<typeof openWorld>>

export const openWorld = async (
  given: {
    commentMs?: number
    requestsPerMinute?: number
    secureCookies?: boolean
    map?: ConsoleFacts['map']
  } = {},
) => {
  const clock = createVirtualClock(Date.parse('2026-11-21T12:00:00Z'))
  const log = pino({ level: 'silent' })
  const journal = createMemoryJournal()
  const feed = createFeed(0)
  const presence = new Map<DeviceId, DevicePresence>()
  const supervision = new Map<HomeId, HomeSupervision>()
  const strangers: Stranger[] = []
  const lines = new Map<string, HomeId>()
  const telemetry: { samples: Sample[]; broken: boolean } = { samples: [], broken: false }
  const registry = await openRegistry({ directory: ':memory:', log })
  const { rejected } = await registry.importDocument(town)
  if (rejected.length > 0) throw new Error(JSON.stringify(rejected))
  const door = openDoor(journal, feed)
  const location = {
    device: DeviceId.parse('btn-0001'),
    home: HomeId.parse('h-0001'),
    resident: ResidentId.parse('r-0001'),
    area: AreaId.parse('tiedong'),
    preset: 'urban' as const,
  }
  const levelOf = (resident: ResidentId) => {
    const level = registry.get('residents', resident)?.abilityLevel
    return presetLevels.find(one => one === level)
  }
  const care = openCare({ directory: ':memory:', clock, presetOf: levelOf, log })
  const cards = openCards({ directory: ':memory:', clock, randomBytes, log })
  const privacy = openTestPrivacy({ registry, journal, care, clock })
  const lives = createLives(registry)
  const { papers, consents } = privacy
  const installation = openInstallation({
    directory: ':memory:',
    registry,
    lives,
    consents,
    papers,
    clock,
    log,
  })
  const provisioning = openProvisioning({
    directory: ':memory:',
    registry,
    strangers: { list: () => strangers },
    clock,
    randomBytes,
    claimMs: 90 * 86_400_000,
    send: async () => false,
    disconnect() {},
    log,
  })
  const reachable = new Set<PointId>()
  const whereabouts = {
    ...createWhereabouts({
      registry,
      clock,
      timeZone: 'Asia/Shanghai',
      preset: 'urban',
      reachable: () => reachable,
    }),
    route: () => routing,
  }
  const desk = createDesk(door, whereabouts, clock, privacy.papers)
  const shift = openShift({ directory: ':memory:', clock })
  const access = await openAccess({
    directory: ':memory:',
    clock,
    randomBytes,
    limits: { idleMs: 3_600_000, absoluteMs: 7_200_000 },
    initialAdminPassword: adminPassword,
    vault: createTestVault(),
    hashCost: cheapHash,
    scopeExists: scope => {
      if ('area' in scope) return registry.get('areas', scope.area) !== undefined
      if ('point' in scope) return registry.get('servicePoints', scope.point) !== undefined
      return 'institution' in scope || registry.get('residents', scope.resident) !== undefined
    },
    log,
  })
  const watchKeeping = createWatchKeeping({
    book: shift,
    core: { door, desk, whereabouts },
    papers,
    clock,
    absentMs: 60_000,
    mayWatch: user => mayWatch(access.users.get(user)),
    log,
  })
  watchKeeping.start()
  const backupDisk: { make: () => Promise<Manifest | Refusal> | Refusal } = {
    make: () => ({ refused: 'backup-failed', detail: 'there is no disk' }),
  }
  const checks: Readiness[] = [{ name: 'journal', ok: true }]
  const coverage = createCoverage({ registry, clock, timeZone: 'Asia/Shanghai' })
  const views: Pick<ApiPorts, 'presence' | 'supervision' | 'telemetry'> = {
    presence: { of: device => presence.get(device) },
    supervision: { of: home => supervision.get(home) ?? { home, state: 'protected', weaknesses: [] } },
    telemetry: {
      query: async query => {
        if (telemetry.broken) throw new Error('disk I/O error')
        return seriesOf(telemetry.samples, query)
      },
    },
  }
  const api = createApi({
    journal,
    alarm: door.find,
    alarmAt: createPastAlarm(journal),
    route: whereabouts.route,
    trail: journal.trail,
    backups: createBackups({
      directory: '/nowhere',
      make: async () => backupDisk.make(),
      now: clock.now,
      log,
    }),
    registry,
    places: createPlaces({
      registry,
      alarm: door.find,
      institutionsIn: home => installation.beds.ofHome(home).map(bed => bed.institution),
      homesOf: installation.beds.homesOf,
      homeOfBed: id => installation.beds.get(id)?.home,
      homeOfJob: installation.jobs.homeOf,
    }),
    desk,
    feed,
    openAlarms: door.open,
    watch: watchKeeping.watch,
    consoles: watchKeeping.consoles,
    coverage,
    reachable: () => reachable,
    ...views,
    reviews: openReviews({
      ...views,
      journal,
      registry,
      care,
      beds: installation.beds,
      coverage,
      clock,
      timeZone: 'Asia/Shanghai',
      log,
    }),
    strangers: { list: () => strangers },
    homeOfLine: line => lines.get(line),
    care,
    cards,
    installation,
    provisioning,
    consents,
    papers,
    personalData: privacy.personalData,
    rotation: privacy.rotation,
    rules: ruleTable,
    access,
    clock,
    metrics: new Metrics(),
    readiness: () => checks,
    log,
    settings: {
      importBytes: 1_048_576,
      commentMs: given.commentMs ?? 5_000,
      trustProxy: false,
      secureCookies: given.secureCookies ?? false,
      requestsPerMinute: given.requestsPerMinute ?? 1_000_000,
      console: {
        isSimulated: false,
        timeZone: 'Asia/Shanghai',
        version: '0.0.0',
        serviceLevels: { answerSeconds: 15, staleSeconds: 15, leaseSeconds: 120, acceptSeconds: 120 },
        map: given.map ?? {},
      },
    },
  })
  const mismatches = collectMismatches(api)

  let presses = 0
  /** A device calls: about the open alarm of this kind and device, or a new one. */
  const press = async (kind: AlarmKind = 'sos', device = 'btn-0001', home = 'h-0001', area = 'tiedong') => {
    presses += 1
    const eventId = `e-${presses}`
    const now = clock.now()
    const occurrence = { eventId, receivedAt: now, deviceTime: now - 2_000, clockSkewMs: 2_000 }
    const place = {
      ...location,
      device: DeviceId.parse(device),
      home: HomeId.parse(home),
      area: AreaId.parse(area),
    }
    const answer = await door.bySubject(`${kind}/${device}`, {
      command: open =>
        open
          ? { type: 'repeat', occurrence, routing }
          : {
              type: 'raise',
              id: AlarmId.parse(`alarm-${String(presses).padStart(3, '0')}`),
              kind,
              subject: `${kind}/${device}`,
              location: device === 'btn-0001' ? location : place,
              occurrence,
              routing,
            },
      asked: { actor: { kind: 'device', id: DeviceId.parse(device) }, now },
    })
    if (!('alarm' in answer)) throw new Error(JSON.stringify(answer))
    return { id: answer.alarm.id, epoch: answer.alarm.epoch, eventId }
  }

  return {
    api,
    access,
    journal,
    registry,
    presence,
    supervision,
    strangers,
    lines,
    telemetry,
    care,
    privacy,
    lives,
    installation,
    provisioning,
    feed,
    clock,
    desk,
    door,
    reachable,
    consoles: watchKeeping.consoles,
    backupDisk,
    checks,
    mismatches,
    press,
    async close() {
      await api.close()
      watchKeeping.stop()
      shift.close()
      access.close()
      cards.close()
      care.close()
      installation.close()
      await provisioning.close()
      privacy.close()
      await registry.close()
    },
  }
}

export type Answer = { status: number; body: unknown; headers: Readonly<Record<string, unknown>> }

export type Client = {
  get(path: string): Promise<Answer>
  post(path: string, body?: object): Promise<Answer>
  patch(path: string, body: object): Promise<Answer>
  put(path: string, body: object): Promise<Answer>
  delete(path: string, body?: object): Promise<Answer>
  readonly cookie: string
}

export const clientWith = (api: ApiApp, headers: Readonly<Record<string, string>>): Client => {
  const ask = async (method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE', url: string, payload?: object) => {
    const response = await api.inject({ method, url, headers, ...(payload && { payload }) })
    const isJson = String(response.headers['content-type']).includes('json')
    return {
      status: response.statusCode,
      body: isJson ? response.json<unknown>() : response.payload,
      headers: response.headers,
    }
  }
  return {
    get: path => ask('GET', path),
    post: (path, body) => ask('POST', path, body),
    patch: (path, body) => ask('PATCH', path, body),
    put: (path, body) => ask('PUT', path, body),
    delete: (path, body) => ask('DELETE', path, body),
    cookie: headers.cookie ?? '',
  }
}

export const logIn = async (
  { api }: World,
  username = 'admin',
  password = adminPassword,
): Promise<Client> => {
  const response = await api.inject({ method: 'POST', url: '/api/session', payload: { username, password } })
  const [cookie] = response.cookies
  if (!cookie) throw new Error(response.payload)
  return clientWith(api, { cookie: `${cookie.name}=${cookie.value}` })
}

/** Adds the operator and logs in. */
export const logInOperator = async (world: World, username = 'wang'): Promise<Client> => {
  const admin = await logIn(world)
  await admin.post('/api/users', {
    username,
    name: `${username} 的名字`,
    role: 'operator',
    password: operatorPassword,
  })
  return logIn(world, username, operatorPassword)
}
