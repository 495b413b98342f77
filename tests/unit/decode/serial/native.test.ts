import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeCobs, encodeCobs } from '../../../../gateway/decode/serial/cobs.ts'
import { crc16 } from '../../../../gateway/decode/serial/crc16.ts'
import { native } from '../../../../gateway/decode/serial/native.ts'
import type { FeedbackStage } from '../../../../gateway/model/delivery.ts'
import { encodeNative } from './encoders.ts'
import {
  bytesDiscarded,
  cutsOf,
  feed,
  flipsOf,
  fromHex,
  meaningOf,
  observed,
  plain,
  readVectors,
  step,
  tokensOf,
  written,
} from './line-harness.ts'

type Vectors = {
  readonly crc: { readonly text: string; readonly crc: string }
  readonly vectors: readonly {
    readonly name: string
    readonly hex: string
    readonly expect: readonly unknown[]
    readonly frame?: { device: number; boot: number; sequence: number; type: number; body: string }
  }[]
  readonly feedback: readonly {
    readonly name: string
    readonly address: string
    readonly eventId: string
    readonly stage: FeedbackStage | 'refused'
    readonly hex: string
  }[]
}

const { crc, vectors, feedback } = readVectors<Vectors>('native-serial.json')
const open = () => native.open({})
const sos = encodeNative({ device: 7, boot: 3, sequence: 1, type: 1, body: [1] })
const heard = (bytes: Uint8Array) => feed(open(), [bytes])
const compact = (hex: string) => hex.replaceAll(' ', '').toLowerCase()

describe('native serial frames', () => {
  test.each(vectors.map(vector => [vector.name, vector] as const))('mean: %s', (_name, vector) => {
    expect(heard(fromHex(vector.hex)).map(output => plain(output, true))).toEqual(vector.expect)
  })

  test('are written by an independent encoder as the vectors say', () => {
    for (const { frame, hex } of vectors) {
      if (frame) expect(encodeNative({ ...frame, body: [...fromHex(frame.body)] })).toEqual(fromHex(hex))
    }
  })

  test('mean the same however they are cut', () => {
    for (const vector of vectors) {
      const bytes = fromHex(vector.hex)
      const whole = meaningOf(heard(bytes))
      for (const pieces of cutsOf(bytes)) expect(meaningOf(feed(open(), pieces))).toEqual(whole)
    }
  })

  test('with any one bit flipped are never understood, and do not harm the frame behind the next', () => {
    for (const vector of vectors.filter(({ frame }) => frame)) {
      for (const flipped of flipsOf(fromHex(vector.hex))) {
        // A flip in the closing zero runs the frame together with the next one, which its sender repeats.
        const outputs = feed(open(), [flipped, sos, sos])
        const events = observed(outputs)
        expect(events.length).toBeGreaterThanOrEqual(1)
        for (const event of events) expect(event).toEqual({ kind: 'trigger', trigger: 'sos', eventId: '3-1' })
      }
    }
  })

  test('of any content come through among noise, and every other byte is counted', () => {
    const fields = fc.record({
      device: fc.nat({ max: 0xffff_ffff }),
      boot: fc.nat({ max: 0xffff }),
      sequence: fc.nat({ max: 0xffff }),
      type: fc.constant(1),
      body: fc.tuple(fc.nat({ max: 255 })),
    })
    const noise = fc
      .uint8Array({ minLength: 1, maxLength: 600 })
      .map(bytes => Buffer.from([...bytes.filter(byte => byte !== 0), 0]))
    const part = fc.oneof(
      fields.map(one => ({ one, bytes: encodeNative(one) })),
      noise.map(bytes => ({ one: undefined, bytes })),
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), fc.integer({ min: 1, max: 64 }), (parts, size) => {
        const bytes = Buffer.concat(parts.map(one => one.bytes))
        const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
          bytes.subarray(at * size, (at + 1) * size),
        )
        const outputs = feed(open(), pieces)
        const sent = parts.flatMap(({ one }) => one ?? [])
        expect(observed(outputs).map(event => 'eventId' in event && event.eventId)).toEqual(
          sent.map(({ boot, sequence }) => `${boot}-${sequence}`),
        )
        const noisy = parts.filter(({ one, bytes: some }) => !one && some.length > 1)
        expect(bytesDiscarded(outputs)).toBe(noisy.reduce((sum, { bytes: some }) => sum + some.length, 0))
      }),
    )
  })

  test('that never end are counted as they come, and held no longer than a frame', () => {
    const session = open()
    const outputs = feed(
      session,
      Array.from({ length: 1_000 }, () => Buffer.alloc(100, 1)),
    )
    expect(bytesDiscarded(outputs)).toBe(100_000)
    expect(observed(feed(session, [Buffer.of(0), sos]))).toHaveLength(1)
  })

  test('that were half read when the line was opened again are void, and counted', () => {
    const session = open()
    feed(session, [sos.subarray(0, 9)])
    expect(step(session, { type: 'opened' }).map(output => plain(output))).toEqual([
      { type: 'discarded', reason: 'bad-length', bytes: 9 },
    ])
    expect(observed(feed(session, [sos.subarray(9), sos]))).toHaveLength(1)
  })

  test('of random bytes never throw, and end up in a discard', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 })), pieces => {
        const session = open()
        const outputs = [...feed(session, pieces), ...step(session, { type: 'opened' })]
        const bytes = Buffer.concat(pieces)
        const spare = bytes.filter((byte, at) => byte === 0 && (at === 0 || bytes[at - 1] === 0)).length
        expect(bytesDiscarded(outputs)).toBe(bytes.length - spare)
      }),
    )
  })
})

describe('an event on a native line', () => {
  const accepted = feedback.find(({ name }) => name === 'accepted')

  test('is acknowledged after it was taken, and not before', () => {
    const session = open()
    const outputs = feed(session, [fromHex(vectors[0]?.hex ?? '')])
    expect(written(outputs)).toEqual([])
    const [token = 0] = tokensOf(outputs)
    expect(written(step(session, { type: 'verdict', token, taken: true }))).toEqual([
      compact(accepted?.hex ?? ''),
    ])
    expect(step(session, { type: 'verdict', token, taken: true })).toEqual([])
  })

  test('that was not taken gets no answer, and is told again when it is repeated', () => {
    const session = open()
    const [token = 0] = tokensOf(feed(session, [sos]))
    expect(step(session, { type: 'verdict', token, taken: false })).toEqual([])
    const again = feed(session, [sos])
    expect(observed(again)).toEqual([{ kind: 'trigger', trigger: 'sos', eventId: '3-1' }])
    expect(tokensOf(again)).not.toEqual([token])
  })

  test('is answered among many, up to the limit of those that wait', () => {
    const session = open()
    const events = Array.from({ length: 257 }, (_, sequence) =>
      encodeNative({ device: 1, boot: 1, sequence, type: 1, body: [1] }),
    )
    const tokens = tokensOf(feed(session, events))
    const answers = tokens.map(token => step(session, { type: 'verdict', token, taken: true }).length)
    expect(answers).toEqual([0, ...Array.from({ length: 256 }, () => 1)])
  })

  test.each(feedback.map(one => [one.name, one] as const))('hears: %s', (_name, one) => {
    const outputs = step(open(), { type: 'feedback', ...one })
    expect(written(outputs)).toEqual([compact(one.hex)])
  })

  test.each([
    ['7', 'fall-1000'],
    ['bed', '1-1'],
    ['4294967296', '1-1'],
    ['7', '65536-1'],
    ['7', '1-65536'],
    ['', '1-1'],
  ])('of address "%s" and id "%s" is not of this line: no feedback goes out', (address, eventId) => {
    expect(step(open(), { type: 'feedback', address, eventId, stage: 'arrived' })).toEqual([])
  })
})

describe('the codes under native frames', () => {
  test('have the documented check value', () => {
    expect(crc16(Buffer.from(crc.text)).toString(16).toUpperCase()).toBe(crc.crc)
  })

  test('stuff and unstuff any bytes, without a zero in between', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), bytes => {
        const encoded = encodeCobs(bytes)
        expect(encoded.includes(0)).toBe(false)
        expect(decodeCobs(encoded)).toEqual(bytes)
      }),
    )
  })

  test.each([
    ['00', '0101'],
    ['11 22 00 33', '0311220233'],
    ['11 00 00 00', '0211010101'],
  ])('stuff %s as the published examples do', (bytes, encoded) => {
    expect(Buffer.from(encodeCobs(fromHex(bytes))).toString('hex')).toBe(encoded)
  })

  test('stuff runs of 253, 254 and 255 bytes without a zero', () => {
    const run = (length: number) => Uint8Array.from({ length }, () => 7)
    expect([...encodeCobs(run(253)).subarray(0, 2)]).toEqual([254, 7])
    expect([...encodeCobs(run(254)).subarray(0, 2)]).toEqual([255, 7])
    expect([...encodeCobs(run(255)).subarray(254)]).toEqual([7, 2, 7])
  })
})
