/** What waits to be written on a line: in order, one write at a time, bounded, and after a pause on a shared pair. */
import { Buffer } from 'node:buffer'
import type { Clock } from '../model/clock.ts'
import type { Wire } from './serial-wire.ts'

/** Waiting or under way. Beyond: refused, and whoever wrote knows it. Four seconds at 9600 baud. */
export const maxQueuedBytes = 4_096

export type SerialWriterPorts = {
  /** RS-485: quiet between the last byte heard and the first one written. */
  readonly turnaroundMs: number
  readonly clock: Clock
  readonly onWritten: (bytes: number) => void
}

export interface SerialWriter {
  /** Another wire, or none: what waited for the one before is void. */
  attach(wire: Wire | undefined): void
  /** False: refused. */
  write(bytes: Uint8Array): boolean
  /** The other side is speaking. */
  heard(): void
}

export const createSerialWriter = ({ turnaroundMs, clock, onWritten }: SerialWriterPorts): SerialWriter => {
  let wire: Wire | undefined
  let queue: Buffer[] = []
  let queuedBytes = 0
  let underWay = false
  let quiet = true
  let cancelQuiet = (): void => {}

  const next = (): void => {
    const [bytes] = queue
    if (!wire || !bytes || underWay || !quiet) return
    underWay = true
    const through = wire
    through.write(bytes, () => {
      if (wire !== through) return
      underWay = false
      queue.shift()
      queuedBytes -= bytes.length
      onWritten(bytes.length)
      next()
    })
  }

  return {
    attach(other) {
      wire = other
      queue = []
      queuedBytes = 0
      underWay = false
      quiet = true
      cancelQuiet()
    },
    write(bytes) {
      if (!wire || queuedBytes + bytes.length > maxQueuedBytes) return false
      if (bytes.length === 0) return true
      queue.push(Buffer.from(bytes))
      queuedBytes += bytes.length
      next()
      return true
    },
    heard() {
      if (turnaroundMs === 0) return
      quiet = false
      cancelQuiet()
      cancelQuiet = clock.after(turnaroundMs, () => {
        quiet = true
        next()
      })
    },
  }
}
