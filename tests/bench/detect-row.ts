/** One round of detection over a whole town in the middle of a night: what it keeps from the thread that takes calls. */
import { openCare } from '../../gateway/care/care.ts'
import { createKeeper } from '../../gateway/keeper.ts'
import { createLocalTime } from '../../gateway/kit/local-time.ts'
import { DeviceId } from '../../gateway/model/ids.ts'
import { openRegistry } from '../../gateway/registry/registry.ts'
import { createWatching } from '../../gateway/watching.ts'
import { layOutTown } from '../support/load-town.ts'
import { createMemoryStates } from '../support/memory-sensing.ts'
import { createVirtualClock } from '../support/virtual-clock.ts'
import { type Percentiles, percentiles } from './percentiles.ts'

export type Detect = {
  readonly homes: number
  readonly watches: number
  /** Rounds of a night in which everybody sleeps. */
  readonly calm: Percentiles
  /** Rounds after a threshold of everybody has changed: every rule of every watch is asked. */
  readonly allDue: Percentiles
}

const night = Date.parse('2026-11-21T18:00:00Z')
const points = 200
const level = 2
const tellEverySeconds = 30
const warmUpSeconds = 300
const allDueRounds = 20
const by = { id: 'bench', name: 'bench' }

const townOf = (homes: number) => {
  const { document } = layOutTown(points, homes)
  const residents = Array.from({ length: homes }, (_, n) => n).map(n => ({
    ...asObject(document['residents']?.[n]),
    abilityLevel: level,
  }))
  const buttons = (document['devices'] ?? []).map(asObject)
  const pads = buttons.map(button => ({
    ...button,
    id: `pad-${String(button['id'])}`,
    model: 'native/bed-pad',
    room: 'bedroom',
  }))
  return {
    document: { ...document, residents, devices: [...buttons, ...pads] },
    buttons: buttons.map(({ id }) => DeviceId.parse(id)),
    pads: pads.map(({ id }) => DeviceId.parse(id)),
  }
}

const asObject = (row: unknown): Record<string, unknown> => ({ ...(typeof row === 'object' ? row : {}) })

const prepare = async (homes: number) => {
  const { document, buttons, pads } = townOf(homes)
  const clock = createVirtualClock(night)
  const registry = await openRegistry({ directory: ':memory:' })
  const { rejected } = await registry.importDocument(document)
  if (rejected.length > 0) throw new Error(JSON.stringify(rejected[0]))
  const care = openCare({ directory: ':memory:', clock, presetOf: () => level, log: { warn() {} } })
  const rounds: number[] = []
  const watching = createWatching({
    registry,
    care,
    keeper: await createKeeper(createMemoryStates(), clock),
    clock,
    localTime: createLocalTime('Asia/Shanghai'),
    report: async () => true,
    log: { error() {} },
    onTick: tookMs => rounds.push(tookMs),
  })
  return { clock, care, watching, rounds, buttons, pads }
}

type Town = Awaited<ReturnType<typeof prepare>>

/** Each pad tells of a quiet sleeper every 30 s, each in its own second. */
const sleep = async ({ clock, watching, pads }: Town, seconds: number): Promise<void> => {
  for (let second = 0; second < seconds; second++) {
    const [turn, at] = [second % tellEverySeconds, clock.now()]
    for (let n = turn; n < pads.length; n += tellEverySeconds) {
      const device = pads[n]
      if (!device) continue
      const readings = {
        heartRate: 58 + ((n + second) % 9),
        respirationRate: 14,
        inBed: 1,
        movement: second % 5,
        quality: 92,
      }
      await watching.see({ what: 'readings', device, at, readings })
    }
    clock.advance(1_000)
  }
}

export const measureDetect = async (homes: number, seconds: number): Promise<Detect> => {
  const town = await prepare(homes)
  const { clock, care, watching, rounds, buttons } = town
  watching.start()
  for (const device of buttons) {
    await watching.see({ what: 'connected', device, at: clock.now() })
    await watching.see({ what: 'status', device, at: clock.now(), status: { batteryPercent: 90 } })
  }
  await sleep(town, warmUpSeconds)
  rounds.length = 0
  await sleep(town, seconds)
  const calm = percentiles(rounds)
  rounds.length = 0
  for (let round = 0; round < allDueRounds; round++) {
    const values = { 'bedExit.highAfter': 30 + (round % 2) }
    const changed = care.change({ preset: level }, values, { by, why: 'bench' })
    if ('refused' in changed) throw new Error(changed.refused)
    clock.advance(1_000)
  }
  watching.stop()
  return { homes, watches: homes * 3, calm, allDue: percentiles(rounds) }
}
