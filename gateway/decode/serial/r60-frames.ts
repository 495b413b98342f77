/** R60 frames: `53 59 | control | command | length (2) | data | sum | 54 43`. Finds the next one after any damage. */
import type { DiscardReason } from '../../model/observation.ts'
import { type Discarded, discarded, reopened, type Splitter } from './splitter.ts'

export type R60Frame = {
  readonly type: 'frame'
  readonly control: number
  readonly command: number
  readonly data: Uint8Array
}

const start = [0x53, 0x59] as const
const end = [0x54, 0x43] as const
const headerBytes = 6
/** The sum and the two bytes that end a frame. */
const trailerBytes = 3
/** The longest documented data are texts; a longer length is a lie and would hold up the frames behind it. */
const maxDataBytes = 64
const none = new Uint8Array()

const byteAt = (bytes: Uint8Array, at: number): number => bytes[at] ?? 0

const sumOf = (bytes: Uint8Array, from: number, to: number): number => {
  let sum = 0
  for (let at = from; at < to; at += 1) sum += byteAt(bytes, at)
  return sum & 0xff
}

const joined = (first: Uint8Array, second: Uint8Array): Uint8Array => {
  const bytes = new Uint8Array(first.length + second.length)
  bytes.set(first)
  bytes.set(second, first.length)
  return bytes
}

/** Where a frame may begin: also at a last byte that may be its first one. */
const nextStart = (bytes: Uint8Array, from: number): number => {
  let at = bytes.indexOf(start[0], from)
  while (at >= 0 && at + 1 < bytes.length && bytes[at + 1] !== start[1]) at = bytes.indexOf(start[0], at + 1)
  return at < 0 ? bytes.length : at
}

/** Undefined: not all of it has come. */
const readAt = (bytes: Uint8Array, at: number): { end: number; fault?: DiscardReason } | undefined => {
  const dataAt = at + headerBytes
  if (bytes.length < dataAt) return undefined
  const length = (byteAt(bytes, at + 4) << 8) | byteAt(bytes, at + 5)
  if (length > maxDataBytes) return { end: dataAt, fault: 'bad-length' }
  const sumAt = dataAt + length
  const frameEnd = sumAt + trailerBytes
  if (bytes.length < frameEnd) return undefined
  if (bytes[sumAt + 1] !== end[0] || bytes[sumAt + 2] !== end[1])
    return { end: frameEnd, fault: 'bad-framing' }
  return bytes[sumAt] === sumOf(bytes, at, sumAt)
    ? { end: frameEnd }
    : { end: frameEnd, fault: 'bad-checksum' }
}

export type R60Splitter = Splitter<R60Frame> & {
  /** Whether a frame is half read. */
  readonly waits: () => boolean
  /** The half-read frame will not be completed: looks for others in what is held. */
  readonly giveUp: () => readonly (R60Frame | Discarded)[]
}

export const createR60Splitter = (): R60Splitter => {
  let held = none

  const split = (bytes: Uint8Array): readonly (R60Frame | Discarded)[] => {
    const found: (R60Frame | Discarded)[] = []
    let at = 0
    while (at < bytes.length) {
      const next = nextStart(bytes, at)
      if (next > at) found.push(discarded('noise', next - at, 'between frames'))
      at = next
      const read = readAt(bytes, at)
      if (!read) break
      if (read.fault) {
        // What looked like a frame may hide the beginning of a true one.
        const resume = Math.min(nextStart(bytes, at + start.length), read.end)
        found.push(discarded(read.fault, resume - at, 'not a frame'))
        at = resume
      } else {
        found.push(frameOf(bytes.subarray(at, read.end)))
        at = read.end
      }
    }
    held = bytes.slice(at)
    return found
  }

  return {
    push: bytes => split(held.length === 0 ? bytes : joined(held, bytes)),
    drop: () => {
      const bytes = held.length
      held = none
      return bytes === 0 ? [] : [discarded('bad-length', bytes, reopened)]
    },
    waits: () => held.length > 0,
    giveUp: () => {
      const resume = Math.min(start.length, held.length)
      return [discarded('bad-length', resume, 'the rest never came'), ...split(held.subarray(resume))]
    },
  }
}

const frameOf = (bytes: Uint8Array): R60Frame => ({
  type: 'frame',
  control: byteAt(bytes, 2),
  command: byteAt(bytes, 3),
  data: bytes.subarray(headerBytes, bytes.length - trailerBytes),
})

export const r60Query = (control: number, command: number): Uint8Array => {
  const frame = Uint8Array.of(...start, control, command, 0, 1, 0x0f, 0, ...end)
  frame[7] = sumOf(frame, 0, 7)
  return frame
}
