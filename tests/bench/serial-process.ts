/** Serial device servers: each writes native measurement frames to whoever connects, as fast as its line would. */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { encodeNative } from '../../firmware-sim/wire/native-serial.ts'
import { serve } from './child.ts'
import { SerialJob } from './serial-row.ts'

const connectLimitMs = 60_000
/** Rounds of frames that are made beforehand; then the sequence begins anew, as after the end of its 16 bits. */
const rounds = 16

/** Frames of all pads of a line, in turn, as they lie on the wire. */
const framesOf = (pads: number): readonly Uint8Array[] =>
  Array.from({ length: rounds * pads }, (_, n) => {
    const [round, pad] = [Math.floor(n / pads), n % pads]
    return encodeNative(
      { device: pad + 1, boot: 1, sequence: round + 1 },
      {
        type: 'measurement',
        inBed: true,
        heartRate: 58 + (round % 9),
        respirationRate: 12 + (pad % 5),
        movement: round % 7,
        quality: 90 + (pad % 8),
      },
    )
  })

const listen = async () => {
  const server = createServer({ noDelay: true }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { promise: connected, resolve } = Promise.withResolvers<Socket>()
  server.on('connection', socket => {
    // The gateway goes away when it has been measured.
    socket.on('error', () => {})
    resolve(socket)
  })
  return { server, connected }
}

const isAddress = (address: ReturnType<ReturnType<typeof createServer>['address']>): address is AddressInfo =>
  typeof address === 'object' && address !== null

/** Writes whole frames as time allows, and answers how many. */
const play = async (socket: Socket, frames: readonly Uint8Array[], job: SerialJob): Promise<number> => {
  const startedAt = performance.now()
  let [sent, bytes] = [0, 0]
  for (;;) {
    const elapsedMs = performance.now() - startedAt
    const due = (Math.min(elapsedMs / 1000, job.seconds) * job.bytesPerSecond) | 0
    const chunk: Uint8Array[] = []
    for (;;) {
      const frame = frames[sent % frames.length]
      if (!frame || bytes + frame.length > due) break
      chunk.push(frame)
      bytes += frame.length
      sent += 1
    }
    if (chunk.length > 0) socket.write(Buffer.concat(chunk))
    if (elapsedMs >= job.seconds * 1000) return sent
    await pause(readEveryMs)
  }
}

/** As a device server hands on what its port has gathered. */
const readEveryMs = 10

await serve(SerialJob, async job => {
  const lines = await Promise.all(Array.from({ length: job.lines }, listen))
  const frames = framesOf(job.padsPerLine)
  const ready = lines.map(({ server }) => {
    const address = server.address()
    if (!isAddress(address)) throw new Error('a listening server has a port')
    return address.port
  })
  const work = async (): Promise<number> => {
    const connected = Promise.all(lines.map(line => line.connected))
    const sockets = await Promise.race([connected, pause(connectLimitMs, undefined, { ref: false })])
    if (!sockets) throw new Error('not every line was connected')
    const sent = await Promise.all(sockets.map(socket => play(socket, frames, job)))
    return sent.reduce((sum, frames) => sum + frames, 0)
  }
  return { ready, work }
})
