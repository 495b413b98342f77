/**
 * A serial device server: one serial line behind a TCP port, with everything that is wired to it.
 * Takes: devices. Gives: every byte from the far end to each of them, and theirs to the far end, as on an RS-485 line.
 * Never does: keep bytes for a far end that is not there; a wire does not either.
 */
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'

export type Write = (bytes: Uint8Array) => void

export type SerialDevice = {
  receive(bytes: Uint8Array): void
  /** Somebody has opened the line. */
  opened?(): void
  close(): void
}

export type SerialServer = {
  /** `tcp://127.0.0.1:port` */
  readonly url: string
  close(): Promise<void>
}

/** Bytes that a far end has not read; beyond this the line is cut, as a device server does. */
const unreadLimit = 65_536

/** Port 0: any free one. Rejects when the port is taken. */
export const startSerialServer = async (
  plug: (write: Write) => readonly SerialDevice[],
  port = 0,
): Promise<SerialServer> => {
  const sockets = new Set<Socket>()
  const devices = plug(bytes => {
    for (const socket of sockets) {
      socket.write(bytes)
      if (socket.writableLength > unreadLimit) socket.destroy()
    }
  })
  const server = createServer({ noDelay: true }, socket => {
    sockets.add(socket)
    socket
      .on('close', () => sockets.delete(socket))
      .on('error', () => socket.destroy())
      .on('data', (bytes: Buffer) => {
        for (const device of devices) device.receive(bytes)
      })
    for (const device of devices) device.opened?.()
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('not listening on a port')
  return {
    url: `tcp://127.0.0.1:${address.port}`,
    close: async () => {
      for (const device of devices) device.close()
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
