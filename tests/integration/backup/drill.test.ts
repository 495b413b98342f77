/**
 * The drill: a gateway under load is backed up in both ways, killed, and brought back on another machine, which is another
 * directory and another key file.
 */
import { copyFile, glob, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createReader } from '../../../gateway/journal/sqlite/reader.ts'
import { openDatabase } from '../../../gateway/kit/sqlite.ts'
import type { Alarm } from '../../../gateway/model/alarm.ts'
import type { Entry } from '../../../gateway/model/journal.ts'
import {
  type AlarmView,
  type ApiClient,
  importRegistry,
  listAlarms,
  logIn,
  readAlarm,
} from '../../support/api-client.ts'
import { eventually } from '../../support/eventually.ts'
import { type GatewayProcess, startGateway, verifyJournal } from '../../support/gateway-process.ts'
import { layOutTown } from '../../support/load-town.ts'
import { withTemporaryDirectory } from '../../support/temporary-directory.ts'
import { connectButton, type Home, press } from '../../support/town-clients.ts'
import { runCommand } from './command.ts'

const town = layOutTown(2, 12)
/** These press again and again; those are taken up by somebody; nobody takes up the last. */
const loud = town.homes.slice(0, 6)
const taken = town.homes.slice(6, 10)
const waiting = town.homes.slice(10)
/** An alarm that was taken up comes due so soon after that: later than the backup begins, on a busy machine too. */
const leaseMs = 8_000
const operatorPassword = 'the operator of the night'

const Backups = z.object({
  items: z.array(z.looseObject({ id: z.string(), state: z.string(), bytes: z.number() })),
})
const Made = z.looseObject({
  heads: z.object({ events: z.object({ seq: z.number() }), trail: z.object({ seq: z.number() }) }),
  keys: z.array(z.string()).length(1),
})

/** Every press that was acknowledged, in order. */
const acknowledged: string[] = []

const pressOnce = async (gateway: GatewayProcess, home: Home): Promise<void> => {
  const button = await connectButton(gateway.mqttUrl, home)
  const id = `${home.device}-once`
  expect(await press(button, home, id)).toBe(true)
  acknowledged.push(id)
  button.end()
}

/** Until the gateway is dead. */
const pressAgainAndAgain = async (gateway: GatewayProcess, home: Home): Promise<void> => {
  const button = await connectButton(gateway.mqttUrl, home)
  for (let count = 0; ; count += 1) {
    const id = `${home.device}-${count}`
    if (!(await press(button, home, id))) return
    acknowledged.push(id)
  }
}

const withDatabaseIn = <T>(directory: string, read: (reader: ReturnType<typeof createReader>) => T): T => {
  const database = openDatabase(join(directory, 'journal.db'), { readOnly: true, durability: 'full' })
  try {
    return read(createReader(database))
  } finally {
    database.close()
  }
}

/** The event ids of all devices, in all entries. */
const pressesIn = (directory: string): ReadonlySet<string> =>
  new Set(
    withDatabaseIn(directory, reader => reader.entriesAfter(0, 1_000_000)).flatMap(({ event }) =>
      'occurrence' in event && event.occurrence.eventId !== undefined ? [event.occurrence.eventId] : [],
    ),
  )

const registryOf = async (api: ApiClient) => {
  const paths = ['areas', 'service-points', 'homes', 'residents', 'devices']
  const answers = await Promise.all(paths.map(path => api.get(`/api/${path}?limit=200`)))
  return answers.map(({ status, body }) => (status === 200 ? body : status))
}

const takeUp = async (api: ApiClient, homes: readonly Home[]): Promise<void> => {
  const open = await listAlarms(api, 'state=open')
  for (const home of homes) {
    const alarm = open.find(one => one.device?.id === home.device)
    const { status } = await api.post(`/api/alarms/${alarm?.id}/acknowledge`, { epoch: alarm?.epoch })
    expect(status).toBe(200)
  }
}

type Drill = {
  /** The other machine's data directory and key file, beside the first one's. */
  readonly directory: string
  readonly keyFile: string
  readonly byApi: { readonly path: string; readonly pressesBefore: readonly string[] }
  readonly byCommand: { readonly path: string; readonly pressesBefore: readonly string[] }
  readonly registry: readonly unknown[]
  readonly alarms: readonly Alarm[]
}

/** Lives a little, is backed up while it does, and is killed. */
const liveAndDie = async (directory: string): Promise<Drill> => {
  const data = join(directory, 'data')
  await mkdir(data)
  const gateway = await startGateway({ directory: data, env: { ANLING_ALARM_LEASE_MS: String(leaseMs) } })
  const api = await logIn(gateway.httpUrl)
  await importRegistry(api, town.document)
  const user = { username: 'wang', name: '王芳', role: 'operator', password: operatorPassword }
  expect((await api.post('/api/users', user)).status).toBe(201)
  const registry = await registryOf(api)
  for (const home of [...taken, ...waiting]) await pressOnce(gateway, home)
  const load = loud.map(home => pressAgainAndAgain(gateway, home))
  await eventually('some presses', () => (acknowledged.length > 50 ? true : undefined))
  await takeUp(api, taken)

  const beforeApi = [...acknowledged]
  expect((await api.post('/api/backups', { name: 'drill' })).status).toBe(202)
  const command = join(directory, 'by-command')
  const made = await eventually('the backup', async () => {
    const { items } = Backups.parse((await api.get('/api/backups')).body)
    return items.find(({ state }) => state !== 'running')
  })
  expect(made).toMatchObject({ id: 'drill', state: 'done' })
  expect(made.bytes).toBeGreaterThan(50_000)
  const beforeCommand = [...acknowledged]
  const ran = await runCommand(['backup', '--to', command, '--data', data])
  expect(ran).toMatchObject({ code: 0, answer: { format: 1 } })
  const { heads } = Made.parse(ran.answer)
  await eventually('presses after the backups', () =>
    acknowledged.length > beforeCommand.length + 10 ? true : undefined,
  )
  await gateway.kill()
  await Promise.all(load)
  expect(pressesIn(data).size).toBeGreaterThan(pressesIn(command).size)
  expect(heads.trail.seq).toBeGreaterThan(0)

  const keyFile = join(directory, 'vault', 'keys.json')
  await mkdir(join(directory, 'vault'), { mode: 0o700 })
  await copyFile(join(data, 'keys.json'), keyFile)
  const path = join(data, 'backups', 'drill')
  return {
    directory: join(directory, 'other'),
    keyFile,
    byApi: { path, pressesBefore: beforeApi },
    byCommand: { path: command, pressesBefore: beforeCommand },
    registry,
    alarms: withDatabaseIn(path, reader => reader.unfinished()),
  }
}

const restore = (from: string, to: string, keyFile: string) =>
  runCommand(['restore', '--from', from, '--data', to], { ANLING_KEYS_FILE: keyFile })

/** The first thing that the clock did about each alarm since. */
const clockSince = (directory: string, seq: number): readonly Entry[] => {
  const entries = withDatabaseIn(directory, reader => reader.entriesAfter(seq, 1_000_000))
  const byClock = entries.filter(({ actor }) => actor.kind === 'clock')
  return [...Map.groupBy(byClock, ({ alarm }) => alarm).values()].flatMap(([first]) => first ?? [])
}

describe('a gateway that was killed under load', () => {
  let drill: Drill
  const { promise: over, resolve: end } = Promise.withResolvers<void>()
  let cleaned: Promise<void>
  beforeAll(async () => {
    const { promise, resolve, reject } = Promise.withResolvers<Drill>()
    cleaned = withTemporaryDirectory(async directory => {
      await liveAndDie(directory).then(resolve, reject)
      await over
    })
    drill = await promise
  })
  afterAll(async () => {
    end()
    await cleaned
  })

  it.each(['byApi', 'byCommand'] as const)(
    'was backed up %s with every press acknowledged before',
    async way => {
      const { path, pressesBefore } = drill[way]
      const presses = pressesIn(path)
      expect(pressesBefore.filter(id => !presses.has(id))).toEqual([])
      const manifest = Made.parse(JSON.parse(await readFile(join(path, 'manifest.json'), 'utf8')))
      const keyFile = await readFile(drill.keyFile, 'utf8')
      expect(keyFile).toContain(manifest.keys[0])
      for await (const file of glob('**/*', { cwd: path, withFileTypes: true })) {
        if (!file.isFile()) continue
        const bytes = await readFile(join(file.parentPath, file.name))
        // What is personal is sealed, and no key lies beside it.
        expect(bytes.includes('王秀英'), file.name).toBe(false)
        for (const [, key = ''] of keyFile.matchAll(/"key": "([^"]+)"/g))
          expect(bytes.includes(key), file.name).toBe(false)
      }
    },
  )

  it('is not brought back without its keys, nor onto another', async () => {
    const { byApi, directory, keyFile } = drill
    expect(await restore(byApi.path, directory, join(directory, 'nowhere.json'))).toMatchObject({
      code: 1,
      answer: { ok: false, problem: expect.stringMatching(/^the key file lacks k[0-9a-f]+$/) },
    })
    expect(await restore(byApi.path, join(byApi.path, '..', '..'), keyFile)).toMatchObject({
      code: 1,
      answer: { ok: false, problem: expect.stringContaining('is not empty') },
    })
  })

  it('is brought back on another machine: alarms fire in order, people get in, nothing is lost', async () => {
    const { byApi, directory, keyFile, alarms, registry } = drill
    const leases = alarms
      .flatMap(({ id, deadline }) => (deadline?.kind === 'lease' ? [{ id, at: deadline.at }] : []))
      .sort((a, b) => a.at - b.at)
    expect(leases).toHaveLength(taken.length)
    const last = leases.at(-1)?.at ?? 0
    await eventually('all leases are overdue', () => (Date.now() > last ? true : undefined))

    const restored = await restore(byApi.path, directory, keyFile)
    expect(restored).toMatchObject({ code: 0, answer: { ok: true } })
    const env = { ANLING_ALARM_LEASE_MS: String(leaseMs), ANLING_KEYS_FILE: keyFile }
    const gateway = await startGateway({ directory, env })
    const readyAt = Date.now()
    const api = await logIn(gateway.httpUrl)
    await logIn(gateway.httpUrl, 'wang', operatorPassword)
    expect(await registryOf(api)).toEqual(registry)
    expect(JSON.stringify(registry)).toContain('王秀英')

    const open = await eventually('what was overdue has fired', async () => {
      const found = await listAlarms(api, 'state=open')
      return found.some(({ state }) => state === 'acknowledged') ? undefined : found
    })
    const stateOf = (id: string): AlarmView | undefined => open.find(one => one.id === id)
    expect(open.map(({ id }) => id).sort()).toEqual(alarms.map(({ id }) => id).sort())
    // What was overdue is asked anew; what was not waits for the time that it had.
    for (const { id } of leases) expect(stateOf(id)).toMatchObject({ state: 'offered', epoch: 2 })
    for (const { id, deadline } of alarms.filter(one => (one.deadline?.at ?? 0) > Date.now() + 1_000))
      expect(stateOf(id)?.nextDeadline).toMatchObject({ at: new Date(deadline?.at ?? 0).toISOString() })
    const details = await Promise.all(alarms.map(({ id }) => readAlarm(api, id)))
    const presses = new Set(details.flatMap(({ timeline }) => timeline.map(({ eventId }) => eventId)))
    expect(byApi.pressesBefore.filter(id => !presses.has(id))).toEqual([])
    const trail = await api.get('/api/trail?action=POST%20%2Fapi%2Fusers')
    expect(trail).toMatchObject({
      status: 200,
      body: { items: [{ outcome: 'done', actor: { id: 'admin' } }] },
    })
    await gateway.stop()

    const { seq } = withDatabaseIn(byApi.path, reader => reader.head())
    const fired = clockSince(directory, seq).filter(({ alarm }) => leases.some(({ id }) => id === alarm))
    expect(fired.map(({ alarm }) => alarm)).toEqual(leases.map(({ id }) => id))
    expect(Math.max(...fired.map(({ recordedAt }) => recordedAt))).toBeLessThan(readyAt + 1_000)
    const verified = await verifyJournal(directory)
    expect(verified).toMatchObject({ code: 0, output: expect.stringContaining('"trail":{"entries"') })
  })

  it('does not start without its keys, and names the one that is missing', async () => {
    const { byCommand, directory, keyFile } = drill
    const third = `${directory}-third`
    expect(await restore(byCommand.path, third, keyFile)).toMatchObject({ code: 0 })
    const env = { ANLING_KEYS_FILE: join(third, 'lost.json') }
    await expect(startGateway({ directory: third, env })).rejects.toThrow(/key file .* k[0-9a-f]+/)
  })
})
