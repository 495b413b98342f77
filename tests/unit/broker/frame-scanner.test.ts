import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { generate } from 'mqtt-packet'
import { describe, expect, it } from 'vitest'
import { createFrameScanner, type Scan } from '../../../broker/frame-scanner.ts'

const maxFrameBytes = 1_000
const everything = Number.POSITIVE_INFINITY

const publish = (payloadBytes: number) =>
  generate({
    cmd: 'publish',
    topic: 'a',
    payload: Buffer.alloc(payloadBytes, 0x30),
    qos: 0,
    dup: false,
    retain: false,
  })

const frames = {
  connect: generate({ cmd: 'connect', clientId: '', clean: true, keepalive: 0, protocolId: 'MQTT' }),
  publish: publish(200),
  puback: generate({ cmd: 'puback', messageId: 7 }),
  subscribe: generate({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'a', qos: 1 }] }),
  unsubscribe: generate({ cmd: 'unsubscribe', messageId: 2, unsubscriptions: ['a'] }),
  pingreq: generate({ cmd: 'pingreq' }),
  disconnect: generate({ cmd: 'disconnect' }),
}
const frame = fc.constantFrom(...Object.values(frames))

const scanAll = (pieces: readonly Buffer[]): Scan[] => {
  const scan = createFrameScanner(() => maxFrameBytes)
  return pieces.map(piece => scan(piece, everything))
}
const total = (scans: readonly Scan[]) => scans.reduce((sum, { frames: found }) => sum + found, 0)

const cut = (bytes: Buffer, at: readonly number[]): Buffer[] => {
  const edges = [0, ...[...at].toSorted((a, b) => a - b), bytes.length]
  return edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge))
}

describe('the frame scanner', () => {
  it('counts whole frames however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(frame, { minLength: 1, maxLength: 8 }),
        fc.array(fc.nat({ max: 400 })),
        (sent, cuts) => {
          const bytes = Buffer.concat(sent)
          const scans = scanAll(
            cut(
              bytes,
              cuts.map(at => Math.min(at, bytes.length)),
            ),
          )
          expect(total(scans)).toBe(sent.length)
          expect(scans.every(({ fault }) => fault === undefined)).toBe(true)
        },
      ),
    )
  })

  it.each(Object.entries(frames))('finds the end of %s cut at every byte', (_name, bytes) => {
    for (let at = 0; at <= bytes.length; at += 1) {
      const [head, tail] = scanAll(cut(bytes, [at]))
      expect([head?.frames, tail?.frames]).toEqual(at < bytes.length ? [0, 1] : [1, 0])
    }
  })

  it('stops at the end of the last frame that is allowed, and goes on from there', () => {
    const scan = createFrameScanner(() => maxFrameBytes)
    const bytes = Buffer.concat([frames.puback, frames.publish, frames.pingreq])
    const first = scan(bytes, 2)
    expect(first).toEqual({ frames: 2, end: frames.puback.length + frames.publish.length })
    expect(scan(bytes.subarray(first.end), 2)).toEqual({ frames: 1, end: frames.pingreq.length })
    expect(scan(bytes, 0)).toEqual({ frames: 0, end: 0 })
  })

  it('takes a frame at the bound and refuses the next longer one as soon as its length is known', () => {
    const largest = publish(maxFrameBytes - 3)
    expect(scanAll([largest])).toEqual([{ frames: 1, end: largest.length }])
    const tooLarge = publish(maxFrameBytes - 2)
    for (let at = 0; at < 3; at += 1) {
      const scans = scanAll(cut(tooLarge.subarray(0, 3), [at]))
      expect(scans.at(-1)).toMatchObject({ frames: 0, end: 0, fault: 'frame-too-large' })
    }
  })

  it.each([
    ['a fifth byte of length', [0x30, 0xff, 0xff, 0xff, 0xff, 0x01]],
    ['the reserved type 0', [0x00, 0x00]],
    ['the reserved type 15', [0xf0, 0x00]],
    ['a CONNACK, which only a server sends', [0x20, 0x02, 0x00, 0x00]],
    ['a SUBACK, which only a server sends', [0x90, 0x03, 0x00, 0x01, 0x00]],
    ['a PINGRESP, which only a server sends', [0xd0, 0x00]],
    ['a PUBACK without its id', [0x40, 0x00]],
    ['a PUBREL longer than its id', [0x62, 0x03, 0x00, 0x01, 0x00]],
    ['a PINGREQ with a body', [0xc0, 0x01, 0x00]],
    ['a SUBSCRIBE without a filter', [0x82, 0x02, 0x00, 0x01]],
    ['an UNSUBSCRIBE without a filter', [0xa2, 0x02, 0x00, 0x01]],
    ['a CONNECT too short for its fields', [0x10, 0x02, 0x00, 0x04]],
  ])('refuses %s and hands on what came before it', (_what, broken) => {
    const bytes = Buffer.concat([frames.pingreq, Buffer.from(broken)])
    expect(scanAll([bytes])).toEqual([{ frames: 1, end: frames.pingreq.length, fault: 'malformed-frame' }])
  })

  it('answers whatever bytes it is given, and never lets more pass than it was given', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 1 })), pieces => {
        const scan = createFrameScanner(() => maxFrameBytes)
        for (const piece of pieces) {
          const { end, fault } = scan(Buffer.from(piece), everything)
          expect(end).toBeLessThanOrEqual(piece.length)
          if (fault) return
          expect(end).toBe(piece.length)
        }
      }),
    )
  })
})
