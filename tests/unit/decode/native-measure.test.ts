import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeNativeMeasure, type NativeMeasure } from '../../../gateway/decode/native-measure.ts'
import { decodeNativeStatus } from '../../../gateway/decode/native-status.ts'
import { metricNamePattern } from '../../../gateway/model/measurement.ts'
import { bytesOf, loadVectors } from '../../support/vectors.ts'

const vectors = loadVectors('native-measure.json')
const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))

const decode = (payload: Uint8Array): NativeMeasure => {
  const decoded = decodeNativeMeasure(payload)
  if (!decoded.ok) throw new Error(decoded.detail)
  return decoded.value
}

const countsOf = ({ discarded }: NativeMeasure) =>
  Object.fromEntries(discarded.map(({ reason, count }) => [reason, count]))

describe('native measurements mean what the vectors say', () => {
  test.each(vectors.map(vector => [vector.name, vector] as const))('%s', (_name, vector) => {
    const { discarded, measurements, left = {} } = vector.expect
    if (discarded) {
      expect(decodeNativeMeasure(bytesOf(vector))).toMatchObject({ ok: false, reason: discarded })
      return
    }
    const value = decode(bytesOf(vector))
    expect(value.measurements.map(({ kind: _, ...rest }) => rest)).toEqual(measurements)
    expect(countsOf(value)).toEqual(left)
  })
})

describe('at its limits', () => {
  test('a message has at most 1,000 samples; the first are kept and the others counted', () => {
    const value = decode(bytes(Array.from({ length: 1_003 }, (_, a) => ({ a }))))
    expect(value.measurements).toHaveLength(1_000)
    expect(value.measurements[999]?.readings).toEqual({ a: 999 })
    expect(countsOf(value)).toEqual({ oversized: 3 })
  })

  test('a sample has at most 64 members; the first are kept and the others counted', () => {
    const value = decode(bytes(Object.fromEntries(Array.from({ length: 70 }, (_, n) => [`m${n}`, n]))))
    expect(Object.keys(value.measurements[0]?.readings ?? {})).toHaveLength(64)
    expect(countsOf(value)).toEqual({ oversized: 6 })
  })

  test('what is told of a bad member is short, however long the member is', () => {
    const { discarded } = decode(bytes({ ['n'.repeat(60_000)]: 1, a: 'b' }))
    expect(discarded).toHaveLength(1)
    expect(discarded[0]?.count).toBe(3)
    expect(discarded[0]?.detail.length).toBeLessThanOrEqual(80)
  })

  test('readings have no prototype to change', () => {
    const [measurement] = decode(
      new TextEncoder().encode('{"__proto__":{"heartRate":1},"constructor":2}'),
    ).measurements
    expect(measurement?.readings).toEqual({ constructor: 2 })
    expect(measurement?.readings['heartRate']).toBeUndefined()
  })
})

describe('the decoder is total', () => {
  const short = vectors.filter(vector => bytesOf(vector).length <= 400)

  test('cut at every byte, a message is discarded and never means something else', () => {
    for (const vector of short.filter(one => !one.expect.discarded)) {
      const whole = bytesOf(vector)
      for (let length = 0; length < whole.length; length += 1) {
        const cut = decodeNativeMeasure(whole.subarray(0, length))
        if (cut.ok) expect(cut).toEqual(decodeNativeMeasure(whole))
        else expect(cut.reason).toMatch(/^(not-utf8|not-json|wrong-shape)$/)
      }
    }
  })

  test('with any one bit flipped, only sound readings come out', () => {
    for (const vector of short) {
      const whole = bytesOf(vector)
      for (let bit = 0; bit < whole.length * 8; bit += 1) {
        const flipped = Buffer.from(whole)
        flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
        expectSound(decodeNativeMeasure(flipped))
      }
    }
  })

  test('of any bytes and any JSON, only sound readings come out', () => {
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.json().map(text => new TextEncoder().encode(text)),
      fc.dictionary(fc.string({ maxLength: 8 }), fc.oneof(fc.double(), fc.boolean(), fc.string())).map(bytes),
    )
    fc.assert(fc.property(anything, payload => expectSound(decodeNativeMeasure(payload))))
  })

  test('any sample of good values comes through whole', () => {
    const readings = fc.dictionary(
      fc.stringMatching(metricNamePattern).filter(name => name !== 'at' && !name.startsWith('h')),
      fc.double({ noNaN: true, noDefaultInfinity: true, min: 0, max: 1 }),
      { minKeys: 1, maxKeys: 20, noNullPrototype: true },
    )
    fc.assert(
      fc.property(readings, fc.integer({ min: 0, max: 4e12 }), (sample, at) => {
        const value = decode(bytes({ ...sample, at: new Date(at).toISOString() }))
        const sent: unknown = JSON.parse(JSON.stringify(sample))
        expect(value).toEqual({
          measurements: [{ kind: 'measurement', deviceTime: at, readings: sent }],
          discarded: [],
        })
      }),
    )
  })
})

const expectSound = (decoded: ReturnType<typeof decodeNativeMeasure>): void => {
  if (!decoded.ok) return
  for (const { readings } of decoded.value.measurements) {
    expect(Object.keys(readings).length).toBeGreaterThan(0)
    for (const [name, value] of Object.entries(readings)) {
      expect(name).toMatch(metricNamePattern)
      expect(Number.isFinite(value)).toBe(true)
    }
  }
}

describe('a native status', () => {
  test('keeps its good members when others are bad, and says which were', () => {
    const status = decodeNativeStatus(
      bytes({ online: true, batteryPercent: 101, rssiDbm: -999, mains: 'yes', batteryLow: true }),
    )
    expect(status).toMatchObject({ ok: true, value: { kind: 'status', online: true, batteryLow: true } })
    expect(status.ok && status.value).not.toHaveProperty('batteryPercent')
    expect(status.discarded?.map(({ reason, count }) => [reason, count])).toEqual([
      ['out-of-range', 2],
      ['wrong-shape', 1],
    ])
  })

  test('with nothing but bad members is still a sign of life', () => {
    const status = decodeNativeStatus(bytes({ batteryPercent: '87' }))
    expect(status).toMatchObject({ ok: true, value: { kind: 'status' } })
    expect(status.discarded).toHaveLength(1)
  })
})
