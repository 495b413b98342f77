/** Drives a session of a serial line, and compares what it gives however its bytes were cut. */
import { readFileSync } from 'node:fs'
import type { LineInput, LineOutput, LineSession } from '../../../../gateway/model/line.ts'

export const now = 1_000

export const fromHex = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex')

export const readVectors = <File>(name: string): File => {
  const file: File = JSON.parse(readFileSync(new URL(`../../../vectors/${name}`, import.meta.url), 'utf8'))
  return file
}

export const step = (session: LineSession, input: LineInput, at = now): readonly LineOutput[] =>
  session.step(input, at).outputs

export const feed = (session: LineSession, pieces: readonly Uint8Array[], at = now): LineOutput[] =>
  pieces.flatMap(bytes => step(session, { type: 'bytes', bytes }, at))

/** Every way to cut bytes once, and byte by byte. */
export const cutsOf = (bytes: Uint8Array): readonly (readonly Uint8Array[])[] => [
  ...Array.from(bytes, (_, at) => [bytes.subarray(0, at), bytes.subarray(at)]),
  Array.from(bytes, byte => Uint8Array.of(byte)),
]

export const flipsOf = (bytes: Uint8Array): readonly Uint8Array[] =>
  Array.from({ length: bytes.length * 8 }, (_, bit) =>
    Uint8Array.from(bytes, (byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte)),
  )

/** As vectors write outputs: no tokens, no details, bytes in hex, event ids only where they do not hold the time. */
export const plain = (output: LineOutput, withEventId = false): unknown => {
  if (output.type === 'write') return { type: 'write', hex: Buffer.from(output.bytes).toString('hex') }
  if (output.type === 'discarded') return { type: 'discarded', reason: output.reason, bytes: output.bytes }
  if (output.type === 'alive') return output
  const { eventId, ...rest } = { eventId: undefined, ...output.observation }
  return {
    type: 'observed',
    address: output.address,
    observation: withEventId && eventId !== undefined ? { ...rest, eventId } : rest,
  }
}

export const observed = (outputs: readonly LineOutput[]) =>
  outputs.flatMap(output => (output.type === 'observed' ? [output.observation] : []))

export const tokensOf = (outputs: readonly LineOutput[]): readonly number[] =>
  outputs.flatMap(output => (output.type === 'observed' && output.token !== undefined ? [output.token] : []))

export const written = (outputs: readonly LineOutput[]): readonly string[] =>
  outputs.flatMap(output => (output.type === 'write' ? [Buffer.from(output.bytes).toString('hex')] : []))

export const bytesDiscarded = (outputs: readonly LineOutput[]): number =>
  outputs.reduce((sum, output) => sum + (output.type === 'discarded' ? output.bytes : 0), 0)

/** Discards by reason, in bytes: the same however the noise was cut. */
const discardsOf = (outputs: readonly LineOutput[]) =>
  outputs.reduce<Record<string, number>>(
    (sums, output) =>
      output.type === 'discarded'
        ? { ...sums, [output.reason]: (sums[output.reason] ?? 0) + output.bytes }
        : sums,
    {},
  )

/** Readings of one moment may come in one measurement or, cut between frames, in several. */
export const meaningOf = (outputs: readonly LineOutput[]) => {
  const readings = Object.assign({}, ...observed(outputs).map(one => ('readings' in one ? one.readings : {})))
  const events = outputs.flatMap(output =>
    output.type === 'observed' && !('readings' in output.observation) ? [plain(output, true)] : [],
  )
  const facts = Object.assign({}, ...outputs.map(output => ('facts' in output ? output.facts : {})))
  return { readings, events, facts, discards: discardsOf(outputs), written: written(outputs) }
}
