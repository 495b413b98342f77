import { Buffer } from 'node:buffer'
import { Writable } from 'node:stream'
import fc from 'fast-check'
import { type IPublishPacket, parser } from 'mqtt-packet'
import { describe, expect, it } from 'vitest'
import { createDeliveries } from '../../../broker/deliveries.ts'

/** What one turn has to say goes out at its end. */
const turn = () => new Promise<void>(resolve => process.nextTick(resolve))

/** A peer that reads everything at once. */
const start = () => {
  const received: IPublishPacket[] = []
  const decoder = parser({ protocolVersion: 4 })
  decoder.on('packet', packet => {
    if (packet.cmd === 'publish') received.push(packet)
  })
  const socket = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      decoder.parse(chunk)
      done()
    },
  })
  const deliveries = createDeliveries(socket, 1_000, () => {})
  return { deliveries, received }
}

describe('a delivery', () => {
  it('goes out with the others of its turn in one write', async () => {
    const writes: number[] = []
    const socket = new Writable({
      writev: (chunks, done) => {
        writes.push(chunks.length)
        done()
      },
    })
    const deliveries = createDeliveries(socket, 1_000, () => {})
    for (const payload of ['1', '2', '3']) void deliveries.send('a', payload, 1)
    await turn()
    expect(writes).toEqual([3])
  })

  it('is a PUBLISH that another codec reads, whatever its topic, text and length', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 300 }),
      fc.constantFrom(0, 120, 127, 128, 16_382, 16_384, 70_000, 2_100_000).map(length => 'x'.repeat(length)),
    )
    const topic = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 100 })
    await fc.assert(
      fc.asyncProperty(topic, text, fc.constantFrom(0 as const, 1 as const), async (name, payload, qos) => {
        const { deliveries, received } = start()
        const outcome = deliveries.send(name, payload, qos)
        await turn()
        const [packet] = received
        expect(packet).toMatchObject({ topic: name, qos, retain: false, dup: false })
        expect(Buffer.from(payload).equals(Buffer.from(packet?.payload ?? 'nothing'))).toBe(true)
        deliveries.acknowledge(packet?.messageId ?? 0)
        expect(await outcome).toBe(qos === 1 ? 'acknowledged' : 'unconfirmed')
      }),
    )
  })

  it('never takes the message id of one that is still in flight, not after 65,535 others either', async () => {
    const ids: number[] = []
    const socket = new Writable({
      // Fixed header of two bytes, a topic of one character: then the id.
      write: (frame: Buffer, _encoding, done) => {
        ids.push(frame.readUInt16BE(5))
        done()
      },
    })
    const deliveries = createDeliveries(socket, 1_000, () => {})
    const first = deliveries.send('a', 'first', 1)
    await turn()
    for (let count = 0; count < 0x1_0000; count += 1) {
      void deliveries.send('a', '', 1)
      await turn()
      deliveries.acknowledge(ids.at(-1) ?? 0)
    }
    expect(ids.indexOf(ids[0] ?? 0, 1)).toBe(-1)
    expect(new Set(ids)).toEqual(new Set(Array.from({ length: 0xffff }, (_, index) => index + 1)))
    deliveries.end()
    expect(await first).toBe('unconfirmed')
  })
})
