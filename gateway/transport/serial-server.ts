/** A serial port behind a device server: raw bytes over TCP, as a wire. */
import type { Buffer } from 'node:buffer'
import { connect } from 'node:net'
import type { Clock } from '../model/clock.ts'
import { reasonOf, type Wire, type WireHooks } from './serial-wire.ts'

/** Also the time to find a name. After it the try has failed. */
const connectTimeoutMs = 5_000
/** A server that lost its power says nothing: it is asked after so long, and found gone some ten seconds later. */
const keepAliveAfterMs = 10_000

/** Where an address names no host or port, nothing answers at port 0, and the line is lost for that reason. */
const targetOf = (address: string): { readonly host: string; readonly port: number } => {
  const url = URL.parse(address)
  return { host: url?.hostname.replace(/^\[|\]$/g, '') ?? '', port: Number(url?.port ?? 0) }
}

export const connectSerialServer = (address: string, clock: Clock, hooks: WireHooks): Wire => {
  let ended = false
  const socket = connect({
    ...targetOf(address),
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: keepAliveAfterMs,
  })

  const release = (): void => {
    ended = true
    cancelTimeout()
    socket.destroy()
  }
  const lose = (reason: string): void => {
    if (ended) return
    release()
    hooks.onLost(reason)
  }
  const cancelTimeout = clock.after(connectTimeoutMs, () =>
    lose(`no connection within ${connectTimeoutMs} ms`),
  )

  socket.on('connect', () => {
    cancelTimeout()
    hooks.onOpen()
  })
  socket.on('data', (bytes: Buffer) => hooks.onBytes(bytes))
  // Half closed: it will never say anything again.
  socket.on('end', () => lose('the far side has ended the connection'))
  socket.on('error', error => lose(reasonOf(error)))
  socket.on('close', () => lose('the connection was closed'))

  return {
    write: (bytes, onWritten) => {
      socket.write(bytes, error => {
        if (!error) onWritten()
      })
    },
    close: release,
  }
}
