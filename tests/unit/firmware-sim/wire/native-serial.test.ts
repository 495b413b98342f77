import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { z } from 'zod'
import {
  crc16,
  createFeedbackReader,
  encodeNative,
  isNativeTrigger,
  type NativeFeedback,
  type NativeMessage,
  triggers,
} from '../../../../firmware-sim/wire/native-serial.ts'

const Frame = z.object({
  device: z.number(),
  boot: z.number(),
  sequence: z.number(),
  type: z.number(),
  body: z.string(),
})
const { vectors, feedback, crc } = z
  .object({
    crc: z.object({ text: z.string(), crc: z.string() }),
    vectors: z.array(z.object({ name: z.string(), frame: Frame.optional(), hex: z.string() })),
    feedback: z.array(
      z.object({ name: z.string(), address: z.string(), eventId: z.string(), hex: z.string() }),
    ),
  })
  .parse(JSON.parse(readFileSync(new URL('../../../vectors/native-serial.json', import.meta.url), 'utf8')))

const bytesOf = (hex: string): Uint8Array => Buffer.from(hex.replaceAll(' ', ''), 'hex')

const unless255 = (name: string, value?: number) => (value === 255 ? {} : { [name]: value })

/** What a pad has to say for this frame; undefined for what no sound pad says. */
const spoken = ({ type, body }: z.infer<typeof Frame>): NativeMessage | undefined => {
  const [first = 0, second = 0, third = 0, movement = 0, quality = 0] = bytesOf(body)
  if (type === 1) {
    const [name = ''] = Object.entries(triggers).find(([, code]) => code === first) ?? []
    return isNativeTrigger(name) ? { type: 'event', trigger: name } : undefined
  }
  if (type === 2 && first > 1 && first < 255) return undefined
  return type === 2
    ? {
        type: 'measurement',
        ...(first !== 255 && { inBed: first === 1 }),
        ...unless255('heartRate', second),
        ...unless255('respirationRate', third),
        movement,
        quality,
      }
    : {
        type: 'heartbeat',
        ...unless255('batteryPercent', first),
        rssiDbm: second - 256,
        tamper: (third & 1) !== 0,
        mainsLost: (third & 2) !== 0,
        batteryLow: (third & 4) !== 0,
      }
}

const written = vectors.flatMap(({ name, frame, hex }) => {
  const message = frame && spoken(frame)
  return frame && message ? [{ name, frame, message, hex }] : []
})

test('there are vectors of every type of frame', () => {
  expect(new Set(written.map(({ frame }) => frame.type))).toEqual(new Set([1, 2, 3]))
  expect(written.length).toBeGreaterThan(15)
})

test.each(written)('the frame of "$name" is written byte by byte', ({ frame, message, hex }) => {
  expect(encodeNative(frame, message)).toEqual(Uint8Array.from(bytesOf(hex)))
})

test('the check value of the CRC is the documented one', () => {
  expect(crc16(new TextEncoder().encode(crc.text))).toBe(Number.parseInt(crc.crc, 16))
})

const heard = (...chunks: readonly Uint8Array[]): NativeFeedback[] => {
  const all: NativeFeedback[] = []
  const read = createFeedbackReader(one => all.push(one))
  for (const chunk of chunks) read(chunk)
  return all
}

test.each(feedback)('the feedback "$name" is read, however it is cut', ({ address, eventId, hex }) => {
  const bytes = bytesOf(hex)
  const [boot, sequence] = eventId.split('-').map(Number)
  for (let cut = 0; cut <= bytes.length; cut += 1)
    expect(heard(bytes.subarray(0, cut), bytes.subarray(cut))).toMatchObject([
      { device: Number(address), boot, sequence },
    ])
})

test('no feedback with a bit flipped is believed', () => {
  const bytes = bytesOf(feedback[0]?.hex ?? '')
  expect(heard(bytes)).toHaveLength(1)
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    const flipped = Uint8Array.from(bytes)
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    expect(heard(flipped)).toEqual([])
  }
})

test('noise before feedback costs it nothing, and never throws', () => {
  const bytes = bytesOf(feedback[0]?.hex ?? '')
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), noise => {
      expect(heard(noise, Uint8Array.of(0), bytes).at(-1)).toMatchObject({ device: 7, sequence: 101 })
    }),
  )
})
