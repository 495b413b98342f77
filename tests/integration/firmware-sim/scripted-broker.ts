/** The far end of a device's line, packet by packet: for what no well-behaved broker can be made to do. */
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import mqtt, {
  type IConnectPacket,
  type IPublishPacket,
  type ISubscribePacket,
  type Packet,
} from 'mqtt-packet'

export type Line = {
  readonly socket: Socket
  readonly connect: IConnectPacket
  /** Whether it has said goodbye. */
  disconnected(): boolean
  send(packet: Packet): void
  drop(): void
}

export type Script = {
  /** The return code of CONNACK. Default: 0. */
  readonly connack?: (connect: IConnectPacket) => number
  /** Whether SUBACK is sent. Default: yes. */
  readonly suback?: (packet: ISubscribePacket, line: Line) => boolean
  readonly published: (packet: IPublishPacket, line: Line, connection: number) => void
}

export const startScriptedBroker = async (script: Script) => {
  const lines: Line[] = []
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy())
    const parser = mqtt.parser({ protocolVersion: 4 })
    const send = (packet: Packet) => socket.write(mqtt.generate(packet))
    let connection = 0
    let gone = false
    parser.on('packet', packet => {
      if (packet.cmd === 'disconnect') gone = true
      if (packet.cmd === 'connect') {
        const returnCode = script.connack?.(packet) ?? 0
        send({ cmd: 'connack', returnCode, sessionPresent: false })
        if (returnCode !== 0) return socket.end()
        connection = lines.push({
          socket,
          connect: packet,
          send,
          drop: () => socket.destroy(),
          disconnected: () => gone,
        })
      }
      const line = lines[connection - 1]
      if (packet.cmd === 'subscribe' && line && (script.suback?.(packet, line) ?? true)) {
        const { messageId = 0, subscriptions } = packet
        send({ cmd: 'suback', messageId, granted: subscriptions.map(() => 1) })
      }
      if (packet.cmd === 'publish' && line) script.published(packet, line, connection)
    })
    socket.on('data', (chunk: Buffer) => parser.parse(chunk))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('not listening on a port')
  return {
    url: `mqtt://127.0.0.1:${address.port}`,
    lines,
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
