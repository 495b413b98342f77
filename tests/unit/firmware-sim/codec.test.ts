import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { causes, type DeviceEvent, decode, encode, eventTypes, stages } from '../../../firmware-sim/codec.ts'

const Vectors = z.object({
  vectors: z.array(
    z.object({
      name: z.string(),
      topic: z.string(),
      payload: z.unknown().optional(),
      payloadText: z.string().optional(),
      expect: z.record(z.string(), z.unknown()),
    }),
  ),
})
const { vectors } = Vectors.parse(
  JSON.parse(readFileSync(new URL('../../vectors/native-mqtt.json', import.meta.url), 'utf8')),
)
const on = (topic: string) => vectors.filter(vector => vector.topic.endsWith(`/${topic}`))
const bytesOf = (vector: (typeof vectors)[number]): Uint8Array =>
  new TextEncoder().encode(vector.payloadText ?? JSON.stringify(vector.payload))

const Event = z.object({
  kind: z.string(),
  eventId: z.string(),
  type: z.string().optional(),
  trigger: z.string().optional(),
  activity: z.string().optional(),
  deviceTime: z.number().optional(),
  data: z.record(z.string(), z.unknown()).optional(),
})

/** What a device has to say for the gateway to understand `expect`. */
const spoken = (expected: unknown): DeviceEvent => {
  const { kind, eventId, type, trigger, activity, deviceTime, data } = Event.parse(expected)
  const said = kind === 'trigger' ? trigger : kind === 'activity' ? activity : (type ?? kind)
  return {
    id: eventId,
    type: said ?? kind,
    ...(deviceTime !== undefined && { at: deviceTime }),
    ...(data && { data }),
  }
}

const Reply = z
  .object({ alarm: z.string(), epoch: z.number() })
  .and(
    z.discriminatedUnion('action', [
      z.object({ action: z.enum(['received', 'acknowledge']) }),
      z.object({ action: z.literal('release'), note: z.string().exactOptional() }),
      z.object({ action: z.literal('resolve'), cause: z.enum(causes), note: z.string().exactOptional() }),
    ]),
  )
const Status = z.object({
  online: z.boolean().exactOptional(),
  batteryPercent: z.number().exactOptional(),
  rssiDbm: z.number().exactOptional(),
  mains: z.boolean().exactOptional(),
  tamper: z.boolean().exactOptional(),
  firmware: z.string().exactOptional(),
})

const encoders: { [topic: string]: (expected: unknown) => string } = {
  event: expected => encode.event(spoken(expected)),
  status: expected => encode.status(Status.parse(expected)),
  reply: expected => encode.reply(Reply.parse(expected)),
}

describe.each(Object.entries(encoders))('the encoder of %s', (topic, write) => {
  const written = on(topic).filter(vector => vector.payload !== undefined)
  test('has vectors to be checked against', () => expect(written.length).toBeGreaterThan(5))
  test.each(written)('writes the payload of "$name"', vector => {
    expect(JSON.parse(write(vector.expect))).toEqual(vector.payload)
  })
})

describe.each(Object.entries(decode))('the decoder of %s', (topic, read) => {
  test('has vectors to be checked against', () => expect(on(topic).length).toBeGreaterThan(1))
  test.each(on(topic))('reads "$name"', vector => {
    expect(read(bytesOf(vector))).toEqual(vector.expect)
  })
  test.each(on(topic))(
    'answers undefined or less, and never throws, when "$name" is cut anywhere',
    vector => {
      const bytes = bytesOf(vector)
      for (let length = 0; length < bytes.length; length += 1)
        expect(read(bytes.subarray(0, length))).toBeUndefined()
    },
  )
  test('answers undefined to any bytes and any JSON that are no such message', () => {
    const json = fc.json().map(text => new TextEncoder().encode(text))
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), json), bytes => {
        expect(read(bytes)).toBeUndefined()
      }),
    )
  })
})

const Measure = z.object({
  vectors: z.array(
    z.object({
      name: z.string(),
      payload: z.json().optional(),
      expect: z.object({
        left: z.unknown().optional(),
        measurements: z
          .array(z.object({ deviceTime: z.number().optional(), readings: z.record(z.string(), z.number()) }))
          .optional(),
      }),
    }),
  ),
})
const measured = Measure.parse(
  JSON.parse(readFileSync(new URL('../../vectors/native-measure.json', import.meta.url), 'utf8')),
).vectors.flatMap(({ name, payload, expect: { measurements, left } }) =>
  payload !== undefined && measurements && left === undefined ? [{ name, payload, measurements }] : [],
)

/** Moments may be written with or without their milliseconds. */
const whole = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value).replaceAll(/(T\d\d:\d\d:\d\d)\.000Z/g, '$1Z'))

describe('the encoder of measurements', () => {
  test('has vectors to be checked against', () => expect(measured.length).toBeGreaterThan(3))
  test.each(measured)('writes the payload of "$name"', ({ payload, measurements }) => {
    const samples = measurements.map(({ deviceTime, readings }) => ({
      readings,
      ...(deviceTime !== undefined && { at: deviceTime }),
    }))
    expect(whole(JSON.parse(encode.measure(samples)))).toEqual(whole(payload))
  })
})

test('an offer without rank and minutes is still a call', () => {
  const [first] = on('offer')
  const bare = { ...z.looseObject({}).parse(first?.payload), rank: undefined, travelMinutes: undefined }
  expect(decode.offer(new TextEncoder().encode(JSON.stringify(bare)))).toMatchObject({ kind: 'sos' })
})

test('the vectors cover every documented event type, cause and stage', () => {
  const payloads = vectors.map(({ payload }) => z.looseObject({}).safeParse(payload).data ?? {})
  const values = (key: string) => new Set(payloads.map(payload => payload[key]))
  expect([...values('type')]).toEqual(expect.arrayContaining([...eventTypes]))
  expect([...values('cause')]).toEqual(expect.arrayContaining([...causes]))
  expect([...values('stage')]).toEqual(expect.arrayContaining([...stages]))
})
