/**
 * Stands between a socket and the parser that reads it: only whole scanned bytes pass, at most as many frames as are
 * allowed at the moment, and nothing after a broken one.
 *
 * It replaces the socket's `read`, which is the one door by which Aedes takes bytes, instead of putting a stream of its
 * own in between: nothing is copied, and ten thousand idle connections do not carry ten thousand more stream buffers.
 * What is not yet allowed goes back into the socket's own buffer: there it holds TCP back, and there the end of the
 * stream waits behind it, so that a client that hangs up at once is still read to its last frame.
 */
import { Buffer } from 'node:buffer'
import type { Socket } from 'node:net'
import { createFrameScanner, type FrameFault } from './frame-scanner.ts'
import { connectStartBytes, protocolLevel } from './protocol-level.ts'

/** One for all connections. */
export type ReadGate<C> = {
  /** Of one frame, without its fixed header. */
  readonly maxFrameBytes: (connection: C) => number
  /**
   * How many frames may be handed on now, or, when nothing but the end is left, whether that may be. Whoever raises it
   * from zero makes the reader read again.
   */
  readonly allowance: (connection: C, isEnding: boolean) => number
  readonly onFrames: (connection: C, frames: number) => void
  /** The protocol level in the CONNECT, before the parser sees it. False: hand on nothing. */
  readonly onLevel: (connection: C, level: number) => boolean
  /** Called after the reader has taken what came before the broken frame. */
  readonly onFault: (connection: C, fault: FrameFault) => void
}

export const guardReads = <C extends { readonly socket: Socket }>(connection: C, gate: ReadGate<C>): void => {
  const { socket } = connection
  const read = socket.read.bind(socket)
  const scan = createFrameScanner(() => gate.maxFrameBytes(connection))
  let start: Buffer | undefined = Buffer.alloc(0)
  let shut = false
  let isEnding = false

  const levelIsRefused = (chunk: Buffer): boolean => {
    if (!start) return false
    start = Buffer.concat([start, chunk.subarray(0, connectStartBytes - start.length)])
    const level = protocolLevel(start)
    if (level === undefined && start.length < connectStartBytes) return false
    start = undefined
    return level !== undefined && !gate.onLevel(connection, level)
  }

  const take = (): Buffer | null => {
    const allowance = gate.allowance(connection, isEnding)
    if (shut || allowance <= 0 || socket.destroyed) return null
    const chunk: unknown = read()
    if (!Buffer.isBuffer(chunk)) return null
    if (levelIsRefused(chunk)) {
      shut = true
      return null
    }
    const { frames, end, fault } = scan(chunk, allowance)
    if (fault) {
      shut = true
      setImmediate(gate.onFault, connection, fault)
    } else if (end < chunk.length) socket.unshift(chunk.subarray(end))
    gate.onFrames(connection, frames)
    return end === 0 ? null : chunk.subarray(0, end)
  }

  // Readable without data is the end of the stream.
  socket.on('readable', () => {
    isEnding = socket.readableLength === 0
  })
  // read(0) is the stream's own way of asking for more: it takes nothing. But when there is no more, it ends the stream.
  socket.read = (size?: number): unknown => {
    if (size !== 0) return take()
    return isEnding ? null : read(0)
  }
}
