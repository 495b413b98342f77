import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../../firmware-sim/clock.ts'
import { createPanel, type Panel } from '../../../firmware-sim/devices/panel.ts'
import { createSerialPad, type SerialPad } from '../../../firmware-sim/devices/serial-pad.ts'
import { type SerialDevice, startSerialServer } from '../../../firmware-sim/devices/serial-server.ts'
import { createRandom } from '../../../firmware-sim/random.ts'
import { crc16 } from '../../../firmware-sim/wire/native-serial.ts'

const openLine = async (url: string) => {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), noDelay: true })
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')
  return socket
}

/** Resolves with the bytes so far when they are as wanted. */
const heard = (socket: Socket, isEnough: (bytes: Buffer) => boolean): Promise<Buffer> =>
  new Promise(enough => {
    let all = Buffer.alloc(0)
    socket.on('data', (bytes: Buffer) => {
      all = Buffer.concat([all, bytes])
      if (isEnough(all)) enough(all)
    })
  })

const vitals = {
  inBed: true,
  stage: 'light',
  heartRate: 62,
  respirationRate: 14,
  movement: 3,
  quality: 95,
} as const

const padsOnALine = async () => {
  const pads: SerialPad[] = []
  const server = await startSerialServer(write => {
    for (const number of [1, 2])
      pads.push(
        createSerialPad({
          number,
          clock: systemClock,
          random: createRandom(`${number}`),
          write,
          sleeper: () => vitals,
        }),
      )
    return pads
  })
  onTestFinished(server.close)
  return { server, pads }
}

/** COBS without zeros in the content: a frame in which every zero begins a block. */
const unstuffed = (encoded: Uint8Array): Buffer => {
  const out: number[] = []
  for (let at = 0; at < encoded.length; at += encoded[at] ?? 1)
    out.push(...encoded.slice(at + 1, at + (encoded[at] ?? 1)), 0)
  return Buffer.from(out.slice(0, -1))
}
const stuffed = (frame: Uint8Array): Buffer =>
  Buffer.from(
    [...frame, 0]
      .reduce<number[][]>(
        (blocks, byte) => {
          if (byte === 0) blocks.push([])
          else blocks.at(-1)?.push(byte)
          return blocks
        },
        [[]],
      )
      .slice(0, -1)
      .flatMap(block => [block.length + 1, ...block])
      .concat(0),
  )

/** Type 80 for the event in this frame, as a gateway writes it. */
const acknowledgementOf = (event: Buffer): Buffer => {
  const frame = Buffer.alloc(17)
  event.copy(frame, 0, 0, 9)
  frame.writeUInt8(0x80, 9)
  event.copy(frame, 10, 5, 9)
  frame.writeUInt8(0, 14)
  frame.writeUInt16BE(crc16(frame.subarray(0, 15)), 15)
  return stuffed(frame)
}

const framesIn = (bytes: Buffer): Buffer[] => {
  const frames: Buffer[] = []
  for (let from = 0, to = bytes.indexOf(0); to >= 0; from = to + 1, to = bytes.indexOf(0, from))
    frames.push(unstuffed(bytes.subarray(from, to)))
  return frames
}
const eventsIn = (bytes: Buffer) => framesIn(bytes).filter(frame => frame.readUInt8(9) === 1)

test('on a shared line a gateway that acknowledges with type 80 ends the repeating of that pad only', async () => {
  const { server, pads } = await padsOnALine()
  const line = await openLine(server.url)
  const bothTwice = heard(line, bytes => eventsIn(bytes).length >= 4)
  const taken = pads.map(pad => pad.trigger('sos'))
  const events = eventsIn(await bothTwice)
  expect(new Set(events.map(event => event.readUInt32BE(1)))).toEqual(new Set([1, 2]))
  const second = events.find(event => event.readUInt32BE(1) === 2)
  line.write(acknowledgementOf(second ?? Buffer.alloc(0)))
  expect(await taken[1]).toBe(true)
  line.write(acknowledgementOf(events.find(event => event.readUInt32BE(1) === 1) ?? Buffer.alloc(0)))
  expect(await taken[0]).toBe(true)
})

test('an event outlives the end of its line: whoever opens it again hears it', async () => {
  const { server, pads } = await padsOnALine()
  const first = await openLine(server.url)
  const once1 = heard(first, bytes => eventsIn(bytes).length >= 1)
  const taken = pads[0]?.trigger('fall')
  await once1
  first.destroy()
  const again = await openLine(server.url)
  const [event] = eventsIn(await heard(again, bytes => eventsIn(bytes).length >= 1))
  again.write(acknowledgementOf(event ?? Buffer.alloc(0)))
  expect(await taken).toBe(true)
})

test('a panel behind a device server completes its handshake byte by byte', async () => {
  let panel: Panel | undefined
  const server = await startSerialServer(write => {
    panel = createPanel({ clock: systemClock, write, polled: false })
    return [panel]
  })
  onTestFinished(server.close)
  const line = await openLine(server.url)
  const selected = heard(line, bytes => bytes.includes(0x05))
  const taken = panel?.call({ address: '12', message: 'Bad' })
  await selected
  const block = heard(line, bytes => bytes.includes(0x03) && bytes.length > bytes.indexOf(0x03) + 1)
  line.write(Uint8Array.of(0x06))
  expect((await block).toString('latin1')).toContain('\u001f12\u001e2\u001fBad')
  line.write(Uint8Array.of(0x06))
  expect(await taken).toBe(true)
})

test('a far end that does not read is cut off, and costs nobody memory', async () => {
  let flood = (_bytes: Uint8Array) => {}
  const silent: SerialDevice = { receive: () => {}, close: () => {} }
  const server = await startSerialServer(write => {
    flood = write
    return [silent]
  })
  onTestFinished(server.close)
  const line = await openLine(server.url)
  const gone = once(line, 'close')
  line.pause()
  const chunk = new Uint8Array(1 << 20)
  // More than the sockets of any kernel hold.
  for (let n = 0; n < 64; n += 1) flood(chunk)
  line.resume()
  await gone
})
