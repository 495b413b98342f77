import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  createZigbee2Mqtt,
  type Zigbee2Mqtt,
  type ZigbeeOutput,
} from '../../../gateway/decode/zigbee2mqtt/zigbee2mqtt.ts'
import { bytesOf, type Vector } from '../../support/vectors.ts'

type Step = Omit<Vector, 'name' | 'expect'> & {
  readonly afterMs: number
  readonly stored?: boolean
  readonly toBeStored?: boolean
  readonly restart?: boolean
  readonly expect: readonly unknown[]
}
const file = new URL('../../vectors/zigbee2mqtt.json', import.meta.url)
const { vectors }: { vectors: readonly { readonly name: string; readonly steps: readonly Step[] }[] } =
  JSON.parse(readFileSync(file, 'utf8'))

const base = 'zigbee2mqtt'
const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
const payloadOf = (step: Step) => bytesOf({ ...step, name: '', expect: {} })

const eventIdOf = (output: ZigbeeOutput): string | undefined =>
  output.type === 'observed' && 'eventId' in output.observation ? output.observation.eventId : undefined

/** As the vectors write it. */
const plain = (output: ZigbeeOutput): unknown => {
  if (output.type === 'discarded') return { type: output.type, reason: output.reason }
  if (output.type !== 'observed' || !('eventId' in output.observation)) return output
  const { eventId: _, ...observation } = output.observation
  return { ...output, observation }
}

const play = (steps: readonly Step[], check: (outputs: readonly ZigbeeOutput[], step: Step) => void) => {
  let zigbee = createZigbee2Mqtt(base)
  let now = 1_795_000_000_000
  for (const step of steps) {
    now += step.afterMs
    if (step.restart) zigbee = createZigbee2Mqtt(base, zigbee.save())
    const { topic, stored = false, toBeStored = false } = step
    check(zigbee.step({ topic, payload: payloadOf(step), stored, toBeStored }, now), step)
  }
}

/** Long after anything could be told again. */
const later = 1_000_000

const send = (zigbee: Zigbee2Mqtt, payload: unknown, now: number, name = 'btn') =>
  zigbee.step({ topic: `${base}/${name}`, payload: json(payload), stored: false }, now)

const kept = (zigbee: Zigbee2Mqtt): unknown => JSON.parse(zigbee.save())

const triggers = (outputs: readonly ZigbeeOutput[]): number =>
  outputs.filter(output => output.type === 'observed' && output.observation.kind === 'trigger').length

describe('what Zigbee2MQTT publishes means what the vectors say', () => {
  test.each(vectors.map(vector => [vector.name, vector] as const))('%s', (_name, { steps }) => {
    const ids: string[] = []
    play(steps, (outputs, step) => {
      expect(outputs.map(plain)).toEqual(step.expect)
      ids.push(...outputs.map(eventIdOf).filter(id => id !== undefined))
    })
    expect(new Set(ids).size).toBe(ids.length)
  })
})

describe('the ids of events', () => {
  test('are not used again after a restart at the same moment, with or without what was saved', () => {
    const first = createZigbee2Mqtt(base)
    const ids = [send(first, { action: 'sos' }, later), send(first, { action: 'sos' }, later + 20_000)]
    const second = createZigbee2Mqtt(base, first.save())
    ids.push(send(second, { action: 'sos', battery: 1 }, later + 20_000))
    const third = createZigbee2Mqtt(base)
    ids.push(send(third, { action: 'sos' }, later + 20_001))
    const all = ids
      .flat()
      .map(eventIdOf)
      .filter(id => id !== undefined)
    expect(all).toHaveLength(4)
    expect(new Set(all).size).toBe(4)
  })
})

describe('presses that are one like the other, while the bridge starts', () => {
  const press = { action: 'emergency', battery: 100, linkquality: 120 }
  const appear = (zigbee: Zigbee2Mqtt, now: number) => send(zigbee, { state: 'online' }, now, 'bridge/state')

  test('ring from the second one on, if the first may be the bridge telling the old one again', () => {
    const zigbee = createZigbee2Mqtt(base)
    expect(triggers(send(zigbee, press, later))).toBe(1)
    appear(zigbee, later + 100_000)
    const rung = [1, 2, 3].map(second => triggers(send(zigbee, press, later + 100_000 + second * 1_000)))
    expect(rung).toEqual([0, 1, 1])
  })

  test('are told again anew by a bridge that appears anew', () => {
    const zigbee = createZigbee2Mqtt(base)
    send(zigbee, press, later)
    for (const start of [later + 100_000, later + 200_000]) {
      appear(zigbee, start)
      expect(triggers(send(zigbee, press, start + 1_000))).toBe(0)
    }
  })
})

describe('what is remembered', () => {
  test('is of 2,000 names at most: the one not heard of for longest is forgotten, and rings again', () => {
    const zigbee = createZigbee2Mqtt(base)
    for (let index = 0; index < 2_000; index += 1) send(zigbee, { smoke: true }, index, `s${index}`)
    expect(triggers(send(zigbee, { smoke: true }, later, 's0'))).toBe(0)
    send(zigbee, { smoke: true }, later, 'one more')
    expect(triggers(send(zigbee, { smoke: true }, later, 's1'))).toBe(1)
    expect(triggers(send(zigbee, { smoke: true }, later, 's0'))).toBe(0)
    const saved: { devices: unknown[] } = JSON.parse(zigbee.save())
    expect(saved.devices).toHaveLength(2_000)
  })

  test('that cannot be read is as if it had never been: what holds rings', () => {
    for (const saved of [
      '',
      '{',
      'null',
      '{"events":-1}',
      '{"events":0,"devices":[["btn",{}]],"addresses":[]}',
    ]) {
      const zigbee = createZigbee2Mqtt(base, saved)
      expect(triggers(send(zigbee, { smoke: true }, later))).toBe(1)
    }
  })

  test('comes back whole', () => {
    for (const { steps } of vectors) {
      const zigbee = createZigbee2Mqtt(base)
      for (const [index, step] of steps.entries()) {
        zigbee.step({ topic: step.topic, payload: payloadOf(step), stored: false }, index)
      }
      expect(kept(createZigbee2Mqtt(base, zigbee.save()))).toEqual(kept(zigbee))
    }
  })
})

describe('no bytes do harm', () => {
  const short = vectors.flatMap(({ steps }) => steps).filter(step => payloadOf(step).length <= 400)
  const messages = [
    ...new Map(short.map(step => [`${step.topic} ${payloadOf(step).toString()}`, step])).values(),
  ]

  test('cut at every byte, a message of a device is discarded and changes nothing', () => {
    for (const step of messages.filter(({ topic }) => topic === `${base}/btn`)) {
      const payload = payloadOf(step)
      const zigbee = createZigbee2Mqtt(base)
      const before = zigbee.save()
      for (let length = 1; length < payload.length; length += 1) {
        const cut = payload.subarray(0, length)
        expect(zigbee.step({ topic: step.topic, payload: cut, stored: false }, 0)).toMatchObject([
          { type: 'discarded' },
        ])
      }
      expect(zigbee.save()).toBe(before)
    }
  })

  test('with any one bit flipped, a message is understood or discarded, and what is kept can be read', () => {
    for (const step of messages) {
      const payload = payloadOf(step)
      const zigbee = createZigbee2Mqtt(base)
      for (let bit = 0; bit < payload.length * 8; bit += 1) {
        const flipped = Buffer.from(payload)
        flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
        expect(zigbee.step({ topic: step.topic, payload: flipped, stored: false }, bit)).toBeInstanceOf(Array)
      }
      expect(kept(createZigbee2Mqtt(base, zigbee.save()))).toEqual(kept(zigbee))
    }
  })

  const name = fc.constantFrom(
    'btn',
    'a/b',
    '__proto__',
    'btn/availability',
    'bridge/state',
    'bridge/devices',
  )
  const attribute = fc.constantFrom(
    ...['action', 'sos', 'smoke', 'fall_down_status', 'battery', 'last_seen', 'contact', '__proto__', 'x'],
  )
  const value = fc.oneof(fc.jsonValue(), fc.boolean(), fc.double(), fc.constantFrom('sos', 'fall', 'none'))
  const payload = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc.jsonValue().map(json),
    fc.dictionary(attribute, value).map(json),
  )

  test('any messages in any order are understood or discarded, within bounds', () => {
    const message = fc.record({ name, payload, stored: fc.boolean(), now: fc.nat(100_000) })
    fc.assert(
      fc.property(fc.array(message, { maxLength: 20 }), sequence => {
        const zigbee = createZigbee2Mqtt(base)
        for (const { name: topic, now, ...rest } of sequence) {
          const outputs = zigbee.step({ topic: `${base}/${topic}`, ...rest }, now)
          const kinds = outputs.map(output => output.type === 'observed' && output.observation.kind)
          expect(kinds.filter(kind => kind === 'measurement').length).toBeLessThanOrEqual(1)
          expect(kinds.filter(kind => kind === 'status').length).toBeLessThanOrEqual(1)
          if (rest.stored) expect(kinds).not.toContain('measurement')
        }
        expect(kept(createZigbee2Mqtt(base, zigbee.save()))).toEqual(kept(zigbee))
      }),
    )
  })

  test('any number of presses, however they look and whenever they come, are as many presses', () => {
    const press = fc.record({ battery: fc.nat(100), linkquality: fc.nat(255), tamper: fc.boolean() })
    fc.assert(
      fc.property(fc.array(fc.tuple(press, fc.nat(5_000)), { maxLength: 20 }), presses => {
        const zigbee = createZigbee2Mqtt(base)
        send(zigbee, {}, 0)
        let now = 15_000
        for (const [state, pauseMs] of presses) {
          now += pauseMs
          expect(triggers(send(zigbee, { action: 'emergency', ...state }, now))).toBe(1)
        }
      }),
    )
  })
})
