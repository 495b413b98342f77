/**
 * The R60 / MR60 60 GHz radar: one radar, one line.
 * Takes: bytes, verdicts, and the times it asked for.
 * Gives: what the radar measures, as one measurement for all that one piece of bytes says; falls as events; what the
 * radar is; and the queries without which it would tell a fall once only, and other states on change only.
 * Never: lets a fall go that was not taken.
 */
import type { Instant } from '../../model/ids.ts'
import type { LineInput, LineOptions, LineOutput, LineProtocol, LineSession } from '../../model/line.ts'
import type { Readings } from '../../model/measurement.ts'
import { createFalls, type Falls } from './r60-falls.ts'
import { createR60Splitter, type R60Frame, r60Query } from './r60-frames.ts'
import { breathing, breathingNone, fall, type R60Value, r60ValueOf, respirationRate } from './r60-table.ts'
import { type Discarded, discarded, isDue } from './splitter.ts'

const defaultPollMs = 2_000

/** A frame takes at most 7 ms at full speed; a serial device server may hold back a part of it for longer. */
const frameTimeoutMs = 1_000

/** For so long after a rate of 0 was measured, the breathing state "none" is the same sample once more. */
const sameSampleMs = 5_000

/** The line is the device. */
const address = ''

const product = 0x02
const facts: ReadonlyMap<number, string> = new Map([
  [0xa1, 'model'],
  [0xa2, 'id'],
  [0xa3, 'hardware'],
  [0xa4, 'firmware'],
])
const productQueries = [...facts.keys()].map(command => r60Query(product, command))

/** Two queries go out a poll: this one, and the next of the others. Who does not answer is asked at the next turn. */
const fallQuery = r60Query(0x83, 0x81)
/** Breathing, bed, presence, position, heartbeat. Some come on change only, but rules on them need samples. */
const stateQueries = [
  r60Query(0x81, 0x81),
  r60Query(0x84, 0x81),
  r60Query(0x80, 0x81),
  r60Query(0x07, 0x87),
  r60Query(0x01, 0x80),
]

export const r60: LineProtocol = {
  framing: { baudRate: 115_200, dataBits: 8, parity: 'none', stopBits: 1 },
  // A radar that leaves so many queries unanswered is gone.
  silentAfterMs: 60_000,
  turnaroundMs: 0,
  open: options => openSession(options),
}

const openSession = ({ pollMs = defaultPollMs }: LineOptions): LineSession => {
  const splitter = createR60Splitter()
  const falls = createFalls()
  let queries: readonly Uint8Array[] = stateQueries
  let nextPollAt: Instant = 0
  let lastBytesAt: Instant = 0

  /** The radar, or the line to it, has started anew. */
  const startAnew = () => {
    falls.forget()
    queries = [...productQueries, ...stateQueries]
  }
  const understand = createReader(falls, startAnew)

  const poll = (now: Instant): readonly LineOutput[] => {
    const overdue = splitter.waits() && isDue(lastBytesAt + frameTimeoutMs, now, frameTimeoutMs)
    const found = overdue ? understand(splitter.giveUp(), now) : []
    const [query = fallQuery, ...rest] = queries
    queries = rest.length > 0 ? rest : stateQueries
    nextPollAt = now + pollMs
    return [
      ...found,
      ...falls.tellAgain(),
      { type: 'write', bytes: Uint8Array.from([...fallQuery, ...query]) },
    ]
  }
  const take = (input: LineInput, now: Instant): readonly LineOutput[] => {
    switch (input.type) {
      case 'opened':
        startAnew()
        nextPollAt = now
        return splitter.drop()
      case 'bytes':
        lastBytesAt = now
        return understand(splitter.push(input.bytes), now)
      case 'verdict':
        falls.judge(input.token, input.taken)
        return []
      case 'feedback':
      case 'wake':
        return []
    }
  }
  return {
    step: (input, now) => {
      const taken = take(input, now)
      const outputs = isDue(nextPollAt, now, pollMs) ? [...taken, ...poll(now)] : taken
      return { outputs, wakeAt: nextPollAt }
    },
  }
}

type Reader = (found: readonly (R60Frame | Discarded)[], now: Instant) => readonly LineOutput[]

const createReader = (falls: Falls, startAnew: () => void): Reader => {
  let zeroRateAt: Instant = Number.NEGATIVE_INFINITY

  const readingsOf = (meaning: R60Value, value: number, now: Instant): Readings => {
    if (meaning === respirationRate && value === 0) zeroRateAt = now
    const none = meaning === breathing && value === breathingNone
    return none && !isDue(zeroRateAt + sameSampleMs, now, sameSampleMs) ? {} : meaning.readings(value)
  }

  return (found, now) => {
    const events: LineOutput[] = []
    const heard = { frames: 0, readings: {}, facts: {} }
    for (const one of found) {
      if (one.type === 'discarded') {
        events.push(one)
        continue
      }
      heard.frames += 1
      if (isInitialised(one)) startAnew()
      Object.assign(heard.facts, factOf(one))
      const meaning = r60ValueOf(one.control, one.command)
      if (!meaning) continue
      const value = valueOf(meaning, one.data)
      if (typeof value !== 'number') events.push(value)
      else if (meaning === fall) events.push(...falls.report(value === 1, now))
      else Object.assign(heard.readings, readingsOf(meaning, value, now))
    }
    return summaryOf({ ...heard, events })
  }
}

const isInitialised = ({ control, command }: R60Frame): boolean => control === 0x05 && command === 0x01

const factOf = ({ control, command, data }: R60Frame): { readonly [name: string]: string } => {
  const name = control === product ? facts.get(command) : undefined
  return name === undefined ? {} : { [name]: textOf(data) }
}

/** What can be printed of a text of the device's. */
const textOf = (data: Uint8Array): string =>
  String.fromCharCode(...data)
    .replaceAll(/[^\x20-\x7e]/g, '')
    .trim()

const valueOf = ({ name, bytes, min, max }: R60Value, data: Uint8Array): number | Discarded => {
  if (data.length !== bytes) return discarded('bad-length', data.length, `${name} of ${data.length} bytes`)
  const value = data.reduce((sum, byte) => sum * 256 + byte, 0)
  return value >= min && value <= max ? value : discarded('out-of-range', bytes, `${name} ${value}`)
}

type Heard = {
  readonly events: readonly LineOutput[]
  readonly frames: number
  readonly readings: Readings
  readonly facts: { readonly [name: string]: string }
}

const hasAny = (group: object): boolean => Object.keys(group).length > 0

/** The events, then all readings as one measurement; or that the radar is alive, where it said nothing else. */
const summaryOf = ({ events, frames, readings, facts: said }: Heard): readonly LineOutput[] => {
  const outputs = [...events]
  if (hasAny(readings))
    outputs.push({ type: 'observed', address, observation: { kind: 'measurement', readings } })
  const silent = outputs.every(({ type }) => type !== 'observed')
  if (hasAny(said)) outputs.push({ type: 'alive', address, facts: said })
  else if (frames > 0 && silent) outputs.push({ type: 'alive', address })
  return outputs
}
