import { describe, expect, test } from 'vitest'
import { createSerialPad } from '../../../../firmware-sim/devices/serial-pad.ts'
import { createRandom } from '../../../../firmware-sim/random.ts'
import { encodeNative } from '../../../../firmware-sim/wire/native-serial.ts'
import { atTheLine } from './peer.ts'

const vitals = {
  inBed: true,
  stage: 'light',
  heartRate: 62,
  respirationRate: 14,
  movement: 3,
  quality: 95,
} as const

const aPad = (number = 7) =>
  atTheLine(parts =>
    createSerialPad({ ...parts, number, random: createRandom('pad'), sleeper: () => vitals }),
  )

/** The frame inside COBS; frames of a pad hold no block of 254 bytes. */
const frameOf = (bytes: Uint8Array): Buffer => {
  const out: number[] = []
  for (let at = 0; at < bytes.length - 1; at += bytes[at] ?? 1)
    out.push(...bytes.slice(at + 1, at + (bytes[at] ?? 1)), 0)
  return Buffer.from(out.slice(0, -1))
}
const typeOf = (bytes: Uint8Array): number => frameOf(bytes).readUInt8(9)

/** The gateway's type 80 for an event, made from an event of the same header. */
const feedbackFor = (event: Uint8Array, device: number): string => {
  const frame = frameOf(event)
  return `${device}-${frame.readUInt16BE(5)}-${frame.readUInt16BE(7)}`
}

const crc = (bytes: Buffer): number => {
  let sum = 0
  for (const byte of bytes) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xa001 : sum >>> 1
  }
  return sum
}
const answer = (key: string): Uint8Array => {
  const [device = 0, boot = 0, sequence = 0] = key.split('-').map(Number)
  const frame = Buffer.alloc(17)
  frame.writeUInt8(1, 0)
  frame.writeUInt32BE(device, 1)
  frame.writeUInt16BE(boot, 5)
  frame.writeUInt16BE(sequence, 7)
  frame.writeUInt8(0x80, 9)
  frame.writeUInt16BE(boot, 10)
  frame.writeUInt16BE(sequence, 12)
  frame.writeUInt16BE(crc(frame.subarray(0, 15)), 15)
  const out: number[] = []
  let block: number[] = []
  for (const byte of [...frame, 0]) {
    if (byte !== 0) block.push(byte)
    else {
      out.push(block.length + 1, ...block)
      block = []
    }
  }
  return Uint8Array.from([...out, 0])
}

describe('a bed pad on a line', () => {
  test('repeats an event after 0.5 s, then ever later, at last every 8 s, byte by byte the same', () => {
    const { device, clock, written } = aPad()
    void device.trigger('sos')
    clock.advance(40_000)
    const events = written.filter(({ bytes }) => typeOf(bytes) === 1)
    expect(events.map(({ at }) => at)).toEqual([0, 500, 1_500, 3_500, 7_500, 15_500, 23_500, 31_500, 39_500])
    expect(new Set(events.map(({ hex }) => hex)).size).toBe(1)
  })

  test('stops when the gateway has it, and not for what was meant for another pad or event', async () => {
    const { device, clock, written } = aPad()
    const taken = device.trigger('sos')
    const key = feedbackFor(written[0]?.bytes ?? Uint8Array.of(), 7)
    const [, boot = '', sequence = ''] = key.split('-')
    const events = () => written.filter(({ bytes }) => typeOf(bytes) === 1).length
    device.receive(answer(`8-${boot}-${sequence}`))
    device.receive(answer(`7-${boot}-${Number(sequence) + 1}`))
    device.receive(answer(`7-${(Number(boot) + 1) % 65_536}-${sequence}`))
    clock.advance(500)
    expect(events()).toBe(2)
    device.receive(answer(key))
    expect(await taken).toBe(true)
    clock.advance(60_000)
    expect(events()).toBe(2)
  })

  test('sends two presses under two numbers', () => {
    const { device, written } = aPad()
    void device.trigger('sos')
    void device.trigger('sos')
    const [first, second] = written
    expect(first?.hex).not.toBe(second?.hex)
  })

  test('measures every ten seconds and sends a heartbeat every minute', () => {
    const { clock, written } = aPad()
    clock.advance(60_000)
    const types = written.map(({ bytes }) => typeOf(bytes))
    expect(types.filter(type => type === 2)).toHaveLength(6)
    expect(types.filter(type => type === 3)).toHaveLength(1)
    const frame = frameOf(written[0]?.bytes ?? Uint8Array.of())
    const [boot, sequence] = [frame.readUInt16BE(5), frame.readUInt16BE(7)]
    const { stage: _, ...said } = vitals
    expect(written[0]?.bytes).toEqual(
      encodeNative({ device: 7, boot, sequence }, { type: 'measurement', ...said }),
    )
  })

  test('tells at once when its mains are gone', () => {
    const { device, written } = aPad()
    device.status({ mainsLost: true })
    const frame = frameOf(written[0]?.bytes ?? Uint8Array.of())
    expect([frame.readUInt8(9), frame.readUInt8(10), frame.readUInt8(12)]).toEqual([3, 255, 2])
  })

  test('answers what it has no memory for with false, and so it does when it is closed', async () => {
    const { device, clock, written } = aPad()
    const taken = Array.from({ length: 33 }, () => device.trigger('sos'))
    expect(await taken[32]).toBe(false)
    device.close()
    expect(await Promise.all(taken)).toEqual(taken.map(() => false))
    written.splice(0)
    clock.advance(60_000)
    expect(written).toEqual([])
  })
})
