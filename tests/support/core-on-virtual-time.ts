/** The whole way of an alarm and of a measurement, on virtual time: no socket, no file but the registry's. */
import { pino } from 'pino'
import { onTestFinished } from 'vitest'
import { openCare } from '../../gateway/care/care.ts'
import { createCore } from '../../gateway/core.ts'
import { createTables } from '../../gateway/installation/schema.ts'
import { createTestModes } from '../../gateway/installation/test-modes.ts'
import { createMemoryJournal } from '../../gateway/journal/memory.ts'
import { createKeeper } from '../../gateway/keeper.ts'
import { openDatabase } from '../../gateway/kit/sqlite.ts'
import { createMetrics } from '../../gateway/metrics.ts'
import { PointId } from '../../gateway/model/ids.ts'
import { openRegistry } from '../../gateway/registry/registry.ts'
import { loadSettings } from '../../gateway/settings.ts'
import { createLives } from './device-lives.ts'
import { createMemoryStates } from './memory-sensing.ts'
import { openTestPrivacy } from './privacy.ts'
import type { VirtualClock } from './virtual-clock.ts'

export type Published = {
  readonly at: number
  readonly topic: string
  readonly message: { [key: string]: unknown }
}

const settingsOf = () => {
  const loaded = loadSettings({ argv: [], env: {}, readFile: () => '' })
  if ('help' in loaded || !loaded.ok) throw new Error('the defaults are no settings')
  return loaded.settings
}

const nothing = () => undefined

export type CoreOptions = {
  readonly clock: VirtualClock
  readonly document: object
  /** Kept from a core before: this one is its restart. */
  readonly journal?: ReturnType<typeof createMemoryJournal>
  readonly states?: ReturnType<typeof createMemoryStates>
  /** Where test modes are kept. */
  readonly database?: ReturnType<typeof openDatabase>
}

/** Every service point of the document is connected. */
export const startCore = async ({
  clock,
  document,
  journal = createMemoryJournal(),
  states = createMemoryStates(),
  database = openDatabase(':memory:', { durability: 'normal' }),
}: CoreOptions) => {
  const log = pino({ level: 'silent' })
  const registry = await openRegistry({ directory: ':memory:', log })
  const { rejected } = await registry.importDocument(document)
  if (rejected.length > 0) throw new Error(JSON.stringify(rejected))
  const care = openCare({ directory: ':memory:', clock, presetOf: nothing, log })
  const keeper = await createKeeper(states, clock)
  createTables(database)
  const testModes = createTestModes({ database, clock, log })
  const lives = createLives(registry)
  const privacy = openTestPrivacy({ registry, journal, care, clock })
  const published: Published[] = []
  const points = new Set(Array.from(registry.all('servicePoints'), ({ id }) => PointId.parse(id)))
  const core = createCore({
    settings: settingsOf(),
    journal,
    registry,
    care,
    telemetry: {
      write: async () => true,
      query: async () => [],
      erase: async () => undefined,
      oldest: nothing,
      figures: () => ({ stored: 0, shed: new Map(), retired: 0, waiting: 0, bytes: 0 }),
      close: async () => undefined,
    },
    keeper,
    papers: privacy.papers,
    testing: { modes: testModes, lives },
    overLine: nothing,
    transport: () => ({
      async publish(_identity, topic, payload) {
        published.push({ at: clock.now(), topic, message: JSON.parse(payload) })
        return 'acknowledged'
      },
      isConnected: () => true,
      disconnect: nothing,
      close: async () => undefined,
    }),
    reachable: () => points,
    clock,
    log,
    metrics: createMetrics({
      openAlarms: () => 0,
      owedDeliveries: () => 0,
      mqttConnections: () => 0,
      reachablePoints: () => 0,
      brokerRefusals: () => new Map(),
      telemetry: () => ({ stored: 0, shed: new Map(), retired: 0, waiting: 0, bytes: 0 }),
      forwarding: nothing,
      serial: () => new Map(),
    }),
  })
  await core.start()
  const stop = async () => {
    await core.stop()
    testModes.close()
    privacy.close()
    await registry.close()
    care.close()
  }
  onTestFinished(() => stop().catch(nothing))
  return {
    core,
    care,
    registry,
    journal,
    states,
    database,
    testModes,
    lives,
    published,
    stop,
    say: (topic: string, payload: object) =>
      core.intake.accept(`anling/v1/${topic}`, Buffer.from(JSON.stringify(payload))),
    alarms: async () => (await journal.list({ order: 'received', limit: 1_000 })).items,
    offers: () => published.filter(({ topic }) => topic.endsWith('/offer')),
  }
}
