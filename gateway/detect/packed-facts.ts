/**
 * Facts as numbers in one array: thousands of devices each keep their last hundred. What no rule reads is left out.
 * One fact is: time, index of its device's name, code, values. The code is the set of columns that have a value, or
 * -1 minus the index of a word's name.
 */
import { z } from 'zod'
import type { Fact } from '../model/detection.ts'
import { DeviceId, type Instant } from '../model/ids.ts'
import { alarmKinds, isAlarmKind } from '../model/kinds.ts'
import type { Metric } from '../model/measurement.ts'
import { activities } from '../model/observation.ts'

/** Their places are in saved states: add at the end only. */
export const judgedMetrics = [
  'heartRate',
  'respirationRate',
  'inBed',
  'movement',
  'quality',
  'presence',
  'motion',
  'doorOpen',
  'batteryPercent',
] as const satisfies readonly Metric[]
const statusColumns = ['online', 'batteryPercent', 'batteryLow', 'mains', 'tamper'] as const
/** Room for further metrics, so that the columns of a status keep their places. */
const firstStatusBit = 20

export const PackedFacts = z
  .object({
    names: z.array(z.string()).readonly(),
    numbers: z.array(z.number()),
    /** How much of `numbers` belongs to this version. */
    end: z.number(),
    count: z.number(),
  })
  .readonly()
export type PackedFacts = z.infer<typeof PackedFacts>

type Said = Fact extends infer One ? (One extends Fact ? Omit<One, 'device' | 'at'> : never) : never

const words: ReadonlyMap<string, Said> = new Map<string, Said>([
  ...activities.map(activity => [`activity ${activity}`, { what: 'activity', activity }] as const),
  ...Object.keys(alarmKinds)
    .filter(isAlarmKind)
    .map(trigger => [`trigger ${trigger}`, { what: 'trigger', trigger }] as const),
  ...(['cancel', 'alive', 'connected', 'disconnected'] as const).map(what => [what, { what }] as const),
])
const alive: Said = { what: 'alive' }

export const noFacts: PackedFacts = { names: [], numbers: [], end: 0, count: 0 }

const wordOf = (fact: Exclude<Fact, { what: 'readings' | 'status' }>): string => {
  switch (fact.what) {
    case 'activity':
      return `activity ${fact.activity}`
    case 'trigger':
      return `trigger ${fact.trigger}`
    default:
      return fact.what
  }
}

/** Pushes the columns that have a value and answers which. */
const pushColumns = (fact: Extract<Fact, { what: 'readings' | 'status' }>, numbers: number[]): number => {
  let columns = 0
  if (fact.what === 'readings') {
    for (let index = 0; index < judgedMetrics.length; index++) {
      const value = fact.readings[judgedMetrics[index] ?? '']
      if (value === undefined) continue
      columns |= 1 << index
      numbers.push(value)
    }
    return columns
  }
  statusColumns.forEach((column, index) => {
    const value = fact.status[column]
    if (value === undefined) return
    columns |= 1 << (firstStatusBit + index)
    numbers.push(Number(value))
  })
  return columns
}

const indexOf = (names: string[], name: string): number => {
  const index = names.indexOf(name)
  return index >= 0 ? index : names.push(name) - 1
}

/**
 * Writes behind the end where nobody has written yet, so that nothing is copied: what an earlier version shows up to
 * its own end never changes.
 */
export const append = (packed: PackedFacts, fact: Fact): PackedFacts => {
  const isLatest = packed.numbers.length === packed.end && packed.end > 0
  const numbers = isLatest ? packed.numbers : packed.numbers.slice(0, packed.end)
  const isWord = fact.what !== 'readings' && fact.what !== 'status'
  let { names } = packed
  if (isWord || !names.includes(fact.device)) {
    const more = [...names]
    indexOf(more, fact.device)
    if (isWord) indexOf(more, wordOf(fact))
    names = more
  }
  numbers.push(fact.at, names.indexOf(fact.device), 0)
  const code = numbers.length - 1
  numbers[code] = isWord ? -1 - names.indexOf(wordOf(fact)) : pushColumns(fact, numbers)
  return { names, numbers, end: numbers.length, count: packed.count + 1 }
}

export const pack = (facts: readonly Fact[]): PackedFacts => facts.reduce(append, noFacts)

type Cursor = { at: number }

const saidBy = (columns: number, next: () => number): Said => {
  const readings: { [metric: string]: number } = {}
  judgedMetrics.forEach((metric, index) => {
    if (columns & (1 << index)) readings[metric] = next()
  })
  if (columns < 1 << firstStatusBit) return { what: 'readings', readings }
  const [online, batteryPercent, batteryLow, mains, tamper] = statusColumns.map((_, index) =>
    columns & (1 << (firstStatusBit + index)) ? next() : undefined,
  )
  return {
    what: 'status',
    status: {
      ...(online !== undefined && { online: online === 1 }),
      ...(batteryPercent !== undefined && { batteryPercent }),
      ...(batteryLow !== undefined && { batteryLow: batteryLow === 1 }),
      ...(mains !== undefined && { mains: mains === 1 }),
      ...(tamper !== undefined && { tamper: tamper === 1 }),
    },
  }
}

export const unpack = ({ names, numbers, end }: PackedFacts): readonly Fact[] => {
  const cursor: Cursor = { at: 0 }
  const next = (): number => numbers[cursor.at++] ?? 0
  const facts: Fact[] = []
  while (cursor.at < end) {
    const at: Instant = next()
    const device = DeviceId.parse(names[next()])
    const code = next()
    const said = code > 0 ? saidBy(code, next) : (words.get(names[-1 - code] ?? '') ?? alive)
    facts.push({ device, at, ...said })
  }
  return facts
}

/** Whether they say the same, as far as it is judged. */
export const saySame = (one: Fact, other: Fact): boolean =>
  one.at === other.at && JSON.stringify(pack([one])) === JSON.stringify(pack([other]))
