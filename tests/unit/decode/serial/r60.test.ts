import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { r60 } from '../../../../gateway/decode/serial/r60.ts'
import type { LineSession } from '../../../../gateway/model/line.ts'
import { encodeR60 } from './encoders.ts'
import {
  bytesDiscarded,
  cutsOf,
  feed,
  flipsOf,
  fromHex,
  meaningOf,
  now,
  observed,
  plain,
  readVectors,
  step,
  tokensOf,
  written,
} from './line-harness.ts'

type Vectors = {
  readonly vectors: readonly {
    readonly name: string
    readonly hex: string
    readonly expect: readonly unknown[]
    readonly frame?: { control: number; command: number; data: string }
  }[]
  readonly queries: readonly { readonly name: string; readonly hex: string }[]
}

const { vectors, queries } = readVectors<Vectors>('r60.json')
const opened = (): LineSession => {
  const session = r60.open({ pollMs: 2_000 })
  step(session, { type: 'opened' })
  return session
}
const query = (name: string): string =>
  queries
    .find(one => one.name === name)
    ?.hex.replaceAll(' ', '')
    .toLowerCase() ?? ''

const heartRate = encodeR60(0x85, 0x02, [72])
const fall = (state: number) => encodeR60(0x83, 0x81, [state])

describe('R60 frames', () => {
  test.each(vectors.map(vector => [vector.name, vector] as const))('mean: %s', (_name, vector) => {
    expect(feed(opened(), [fromHex(vector.hex)]).map(output => plain(output))).toEqual(vector.expect)
  })

  test('are written by an independent encoder as the vectors say', () => {
    for (const { frame, hex } of vectors) {
      if (!frame) continue
      expect(encodeR60(frame.control, frame.command, [...fromHex(frame.data)])).toEqual(fromHex(hex))
    }
  })

  test('mean the same however they are cut', () => {
    for (const vector of vectors) {
      const bytes = fromHex(vector.hex)
      const whole = meaningOf(feed(opened(), [bytes]))
      for (const pieces of cutsOf(bytes)) expect(meaningOf(feed(opened(), pieces))).toEqual(whole)
    }
  })

  test('with any one bit flipped are never understood, and the frame behind them is', () => {
    for (const vector of vectors.filter(({ frame }) => frame)) {
      for (const flipped of flipsOf(fromHex(vector.hex))) {
        const session = opened()
        const before = feed(session, [flipped, heartRate])
        // A length that lies waits for bytes that never come: the next poll gives it up.
        const outputs = [...before, ...step(session, { type: 'wake' }, now + 2_000)]
        expect(observed(outputs)).toEqual([{ kind: 'measurement', readings: { heartRate: 72 } }])
        expect(outputs.some(output => 'facts' in output)).toBe(false)
      }
    }
  })

  test('come through among noise, and every other byte is counted', () => {
    const noise = fc
      .uint8Array({ maxLength: 100 })
      .map(bytes => ({ bytes: Buffer.from(bytes.filter(byte => byte !== 0x53)), rate: undefined }))
    const frame = fc
      .integer({ min: 60, max: 120 })
      .map(rate => ({ bytes: encodeR60(0x85, 0x02, [rate]), rate }))
    fc.assert(
      fc.property(fc.array(fc.oneof(noise, frame)), parts => {
        const outputs = feed(
          opened(),
          parts.map(({ bytes }) => bytes),
        )
        expect(observed(outputs)).toEqual(
          parts.flatMap(({ rate }) =>
            rate === undefined ? [] : [{ kind: 'measurement', readings: { heartRate: rate } }],
          ),
        )
        const noisy = parts.filter(({ rate }) => rate === undefined)
        expect(bytesDiscarded(outputs)).toBe(noisy.reduce((sum, { bytes }) => sum + bytes.length, 0))
      }),
    )
  })

  test('of random bytes full of beginnings never throw, and every byte is counted', () => {
    const byte = fc.oneof(fc.constantFrom(0x53, 0x59, 0x54, 0x43, 0), fc.nat({ max: 255 }))
    fc.assert(
      fc.property(fc.array(fc.array(byte, { maxLength: 80 })), pieces => {
        const session = opened()
        const heard = feed(
          session,
          pieces.map(piece => Uint8Array.from(piece)),
        )
        fc.pre(heard.every(({ type }) => type === 'discarded'))
        const outputs = [...heard, ...step(session, { type: 'opened' })]
        expect(bytesDiscarded(outputs)).toBe(pieces.flat().length)
      }),
    )
  })

  test('of one piece make one measurement, the latest value of each metric', () => {
    const piece = Buffer.concat([
      encodeR60(0x80, 0x03, [9]),
      encodeR60(0x81, 0x02, [16]),
      heartRate,
      encodeR60(0x85, 0x02, [73]),
      encodeR60(0x84, 0x01, [1]),
    ])
    expect(feed(opened(), [piece]).map(output => plain(output))).toEqual([
      {
        type: 'observed',
        address: '',
        observation: {
          kind: 'measurement',
          readings: { movement: 9, respirationRate: 16, heartRate: 73, inBed: 1 },
        },
      },
    ])
  })

  test('of a rate of 0 and of the state "none" are one sample, and later states are further ones', () => {
    const session = opened()
    const none = encodeR60(0x81, 0x01, [4])
    const rates = [
      feed(session, [encodeR60(0x81, 0x02, [0])], now),
      feed(session, [none], now + 1_000),
      feed(session, [none], now + 6_000),
    ].map(outputs => observed(outputs).length)
    expect(rates).toEqual([1, 0, 1])
  })
})

describe('an R60 radar', () => {
  test('is asked for falls at every poll, and in turn for what it is and how things stand', () => {
    const session = r60.open({ pollMs: 500 })
    const first = session.step({ type: 'opened' }, now)
    expect(first.wakeAt).toBe(now + 500)
    const polls = [
      written(first.outputs),
      ...Array.from({ length: 10 }, (_, at) =>
        written(step(session, { type: 'wake' }, now + 500 * (at + 1))),
      ),
    ]
    const asked = [
      'model',
      'id',
      'hardware',
      'firmware',
      'breathing',
      'bed',
      'presence',
      'position',
      'heartbeat',
      'breathing',
      'bed',
    ]
    expect(polls).toEqual(asked.map(name => [query('fall') + query(name)]))
  })

  test('is not asked before the time, and is asked at once when the clock was set back', () => {
    const session = opened()
    expect(written(step(session, { type: 'wake' }, now + 1_999))).toEqual([])
    expect(written(feed(session, [heartRate], now + 2_000))).toHaveLength(1)
    expect(written(step(session, { type: 'wake' }, now - 86_400_000))).toHaveLength(1)
  })

  test('is asked what it is again when it has started again', () => {
    const session = opened()
    for (let poll = 1; poll <= 4; poll += 1) step(session, { type: 'wake' }, now + poll * 2_000)
    feed(session, [encodeR60(0x05, 0x01, [0x0f])], now + 8_000)
    expect(written(step(session, { type: 'wake' }, now + 10_000))).toEqual([query('fall') + query('model')])
  })

  test('that shows a fall tells it once, and its end once', () => {
    const session = opened()
    const events = [0, 1, 1, 1, 0, 0, 1].flatMap((state, at) =>
      observed(feed(session, [fall(state)], now + at)),
    )
    expect(events).toEqual([
      { kind: 'trigger', trigger: 'fall', eventId: `fall-${now + 1}` },
      { kind: 'cleared', trigger: 'fall', eventId: `fall-${now + 4}` },
      { kind: 'trigger', trigger: 'fall', eventId: `fall-${now + 6}` },
    ])
  })

  test('that shows a fall when it is first asked tells it', () => {
    expect(observed(feed(opened(), [fall(1)]))).toEqual([
      { kind: 'trigger', trigger: 'fall', eventId: `fall-${now}` },
    ])
  })

  test('that shows a fall after the line, or the radar, was away tells it anew', () => {
    const session = opened()
    feed(session, [fall(1)])
    step(session, { type: 'opened' }, now + 10)
    expect(observed(feed(session, [fall(1)], now + 20))).toHaveLength(1)
    expect(observed(feed(session, [encodeR60(0x05, 0x01, [0x0f]), fall(1)], now + 30))).toHaveLength(1)
  })

  test('has a fall that was refused told again under the same id, until it is taken', () => {
    const session = opened()
    const [token = 0] = tokensOf(feed(session, [fall(1)]))
    const tellings = [2_000, 4_000, 6_000].map((later, at) => {
      step(session, { type: 'verdict', token, taken: at === 2 }, now + later - 1)
      return observed(step(session, { type: 'wake' }, now + later))
    })
    const told = [{ kind: 'trigger', trigger: 'fall', eventId: `fall-${now}` }]
    expect(tellings).toEqual([told, told, []])
  })

  test('has at most 16 falls and ends of falls that wait to be taken', () => {
    const session = opened()
    const outputs = Array.from({ length: 40 }, (_, at) =>
      feed(session, [fall((at + 1) % 2)], now + at),
    ).flat()
    for (const token of tokensOf(outputs)) step(session, { type: 'verdict', token, taken: false })
    expect(observed(step(session, { type: 'wake' }, now + 2_000))).toHaveLength(16)
  })

  test('is told nothing of alarms', () => {
    const feedback = { type: 'feedback', address: '', eventId: 'fall-1', stage: 'accepted' } as const
    expect(step(opened(), feedback)).toEqual([])
  })
})
