/**
 * A way in, in clear or by TLS. Counts who comes before it reads a byte of theirs, lets newcomers in by turns, and hands on
 * each connection of which the handshake, if there is one, has succeeded.
 */
import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TLSSocket, type Server as TlsServer } from 'node:tls'
import type { Admitted, createAdmission } from './admission.ts'
import type { Arrival } from './connection.ts'
import { costs, type Pacer } from './pacer.ts'
import type { createRefusals } from './refusals.ts'
import type { BrokerTls } from './types.ts'

export type ListenerParts = {
  readonly admission: ReturnType<typeof createAdmission>
  readonly refusals: ReturnType<typeof createRefusals>
  readonly pacer: Pacer
  readonly connectTimeoutMs: number
  /** Before any handshake: who stops the broker has to know all of them. */
  readonly onSocket: (socket: Socket) => void
  readonly onArrival: (arrival: Arrival) => void
}

type Newcomer = { readonly socket: Socket; readonly address: string; readonly admitted: Admitted }

type Begin = (newcomer: Newcomer) => void

/** Ready to listen. */
export const createListener = (parts: ListenerParts, tls?: BrokerTls): Server => {
  const { admission, refusals, pacer } = parts
  const begin: Begin = tls ? createHandshakes(parts, tls) : parts.onArrival
  const cost = tls ? costs.handshake : costs.newcomer

  return createServer({ noDelay: true, pauseOnConnect: true }, socket => {
    const address = socket.remoteAddress ?? 'gone'
    const admitted = admission.enter(address)
    if (typeof admitted === 'string') {
      refusals.count(admitted, { address })
      socket.destroy()
      return
    }
    const enter = (): void => {
      if (!socket.destroyed && pacer.mayGo(enter, cost)) begin({ socket, address, admitted })
    }
    socket.once('close', () => {
      pacer.leave(enter)
      admitted.leave()
    })
    parts.onSocket(socket)
    enter()
  })
}

/** By the addresses of both its ends: TLS hands out a socket of its own for the one that it was given. */
const keyOf = ({ remoteAddress, remotePort, localAddress }: Socket): string =>
  `${remoteAddress} ${remotePort} ${localAddress}`

const createHandshakes = (parts: ListenerParts, { clientCertificates, serve }: BrokerTls): Begin => {
  const { refusals, onArrival, connectTimeoutMs } = parts
  const underWay = new Map<string, Newcomer>()
  // Never listens: it is handed connections that were counted already.
  const server: TlsServer = createTlsServer({
    handshakeTimeout: connectTimeoutMs,
    requestCert: clientCertificates !== 'off',
    // Refused by us, so that it is counted, and never where a certificate is a mere alternative to the secret.
    rejectUnauthorized: false,
  })
  serve(server)
  server.on('tlsClientError', (error, socket) => {
    const isLate = 'code' in error && error.code === 'ERR_TLS_HANDSHAKE_TIMEOUT'
    refusals.count(isLate ? 'connect-timeout' : 'tls-handshake', { address: socket.remoteAddress ?? 'gone' })
    // Left open otherwise.
    socket.destroy()
  })
  server.on('secureConnection', socket => {
    const newcomer = underWay.get(keyOf(socket))
    if (!newcomer) return socket.destroy()
    if (clientCertificates === 'required' && !socket.authorized) {
      refusals.count('client-certificate', newcomer)
      return socket.destroy()
    }
    return onArrival({ ...newcomer, socket, ...(socket.authorized && { certificateName: nameIn(socket) }) })
  })

  return newcomer => {
    const key = keyOf(newcomer.socket)
    underWay.set(key, newcomer)
    newcomer.socket.once('close', () => underWay.delete(key))
    server.emit('connection', newcomer.socket)
  }
}

/** A certificate with no common name, or with several, names nobody. */
const nameIn = (socket: TLSSocket): string => {
  const name: unknown = socket.getPeerCertificate().subject.CN
  return typeof name === 'string' ? name : ''
}
