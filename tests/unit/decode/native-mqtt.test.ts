import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeNativeEvent } from '../../../gateway/decode/native-event.ts'
import { decodeNativeStatus } from '../../../gateway/decode/native-status.ts'
import { decodePointReply } from '../../../gateway/decode/point-reply.ts'
import type { Decoded } from '../../../gateway/model/observation.ts'
import { bytesOf, loadVectors } from '../../support/vectors.ts'

const decoders: Readonly<Record<string, (payload: Uint8Array) => Decoded<unknown>>> = {
  event: decodeNativeEvent,
  status: decodeNativeStatus,
  reply: decodePointReply,
}

const decoderOf = (topic: string) => decoders[topic.split('/').at(-1) ?? '']
const vectors = loadVectors('native-mqtt.json').filter(vector => decoderOf(vector.topic))

describe('native MQTT messages mean what the vectors say', () => {
  test.each(vectors.map(vector => [vector.name, vector] as const))('%s', (_name, vector) => {
    const decoded = decoderOf(vector.topic)?.(bytesOf(vector))
    if (vector.expect.discarded) {
      expect(decoded).toMatchObject({ ok: false, reason: vector.expect.discarded })
    } else {
      expect(decoded).toMatchObject({ ok: true })
      expect(decoded).toHaveProperty('value', vector.expect)
    }
  })
})

describe('decoders are total', () => {
  const short = vectors.filter(vector => bytesOf(vector).length <= 400)

  test('cut at every byte, a message is discarded with a reason and never means something else', () => {
    for (const vector of short.filter(one => !one.expect.discarded)) {
      const bytes = bytesOf(vector)
      const whole = decoderOf(vector.topic)?.(bytes)
      for (let length = 0; length < bytes.length; length += 1) {
        const cut = decoderOf(vector.topic)?.(bytes.subarray(0, length))
        // Only white space may be missing without a trace.
        if (cut?.ok) expect(cut).toEqual(whole)
        else expect(cut?.reason).toMatch(/^(not-utf8|not-json|wrong-shape)$/)
      }
    }
  })

  test('with any one bit flipped, a message is decoded or discarded and nothing throws', () => {
    for (const vector of short) {
      const bytes = bytesOf(vector)
      for (let bit = 0; bit < bytes.length * 8; bit += 1) {
        const flipped = Buffer.from(bytes)
        flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
        expect(decoderOf(vector.topic)?.(flipped)).toHaveProperty('ok')
      }
    }
  })

  test('any bytes and any JSON are decoded or discarded', () => {
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.json().map(text => new TextEncoder().encode(text)),
    )
    fc.assert(
      fc.property(anything, bytes => {
        for (const decode of Object.values(decoders)) expect(decode(bytes)).toHaveProperty('ok')
      }),
    )
  })

  test('any event that a device can write comes through with its id, type and data', () => {
    const event = fc.record({
      id: fc.string({ minLength: 1, maxLength: 64 }),
      type: fc.constantFrom('sos', 'service', 'smoke', 'test'),
      data: fc.dictionary(
        fc.string({ maxLength: 8 }).filter(key => key !== '__proto__'),
        fc.oneof(fc.string(), fc.integer(), fc.boolean()),
        { noNullPrototype: true },
      ),
    })
    fc.assert(
      fc.property(event, ({ id, type, data }) => {
        const decoded = decodeNativeEvent(new TextEncoder().encode(JSON.stringify({ id, type, data })))
        expect(decoded).toEqual({ ok: true, value: { kind: 'trigger', trigger: type, eventId: id, data } })
      }),
    )
  })
})
