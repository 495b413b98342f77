/** A serial device server, and the device behind it: raw bytes over TCP. */
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { eventually } from './eventually.ts'

export type SerialServer = {
  /** As a path of a serial line. */
  readonly path: string
  say(bytes: Uint8Array): void
  /** What has come since it was asked last. */
  heard(): Buffer
  /** Resolves when the gateway is on the line. */
  connected(): Promise<void>
  close(): void
}

/** `onBytes`: how the device answers what it hears. */
export const openSerialServer = async (
  onBytes: (bytes: Buffer, say: (bytes: Uint8Array) => void) => void = () => {},
): Promise<SerialServer> => {
  let line: Socket | undefined
  let chunks: Buffer[] = []
  const say = (bytes: Uint8Array): void => void line?.write(bytes)
  const server = createServer(socket => {
    line = socket.setNoDelay(true)
    socket.on('data', (bytes: Buffer) => {
      chunks.push(bytes)
      onBytes(bytes, say)
    })
    // The gateway may be killed in the middle.
    socket.on('error', () => {})
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    path: `tcp://127.0.0.1:${address.port}`,
    say,
    heard() {
      const bytes = Buffer.concat(chunks)
      chunks = []
      return bytes
    },
    async connected() {
      await eventually('the gateway on the line', () => line)
    },
    close() {
      line?.destroy()
      server.close()
    },
  }
}
