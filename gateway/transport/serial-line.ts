/**
 * One serial line: a device of this machine, or a serial device server over TCP.
 *
 * Takes bytes to write. Gives bytes as they come, and says when the line is open and when it is lost.
 * Never reads a payload, never gives up: a line that is lost, or not there yet, is tried again for ever.
 */
import type { Clock } from '../model/clock.ts'
import type { LineFraming } from '../model/line.ts'
import { openSerialDevice } from './serial-device.ts'
import { connectSerialServer } from './serial-server.ts'
import type { Wire } from './serial-wire.ts'
import { createSerialWriter } from './serial-writer.ts'

/** Between two tries: twice as long after each that failed, up to the longest. */
const firstRetryMs = 500
const longestRetryMs = 15_000
/** Up to so much longer, so that the lines of one hub do not all try at the same moment. */
const retryJitter = 0.2

export type SerialLineOptions = {
  /** `/dev/…`, or `tcp://host:port` of a serial device server, which has a framing of its own. */
  readonly path: string
  readonly framing: LineFraming
  /** RS-485: how long to keep quiet between the last byte heard and the first one written; 0 on full-duplex lines. */
  readonly turnaroundMs: number
  readonly clock: Clock
  /** From 0 up to 1. */
  readonly random: () => number
  readonly log: {
    info(fields: object, message: string): void
    warn(fields: object, message: string): void
  }
  readonly hooks: {
    /** Whatever was half read is void. */
    readonly onOpen: () => void
    /** The bytes may be kept: they are not written over. */
    readonly onBytes: (bytes: Uint8Array) => void
    /** Each time that it goes, and once when it is not there at the start. What waited to be written is void. */
    readonly onLost: (reason: string) => void
  }
}

export type SerialCounters = {
  readonly bytesIn: number
  /** Bytes that the system has taken. */
  readonly bytesOut: number
  readonly opens: number
  readonly losses: number
  readonly refusedWrites: number
}

export interface SerialLine {
  /** False: refused, because too much waits already or the line is lost. */
  write(bytes: Uint8Array): boolean
  counters(): SerialCounters
  state(): 'open' | 'lost'
  /** Lets go at once, and for good; no hook is called any more. */
  close(): void
}

/** Returns at once and keeps opening. */
export const openSerialLine = (options: SerialLineOptions): SerialLine => {
  const { path, framing, turnaroundMs, clock, random, log, hooks } = options
  const counters = { bytesIn: 0, bytesOut: 0, opens: 0, losses: 0, refusedWrites: 0 }
  let state: 'open' | 'lost' | 'unknown' = 'unknown'
  let failures = 0
  let cancelRetry = (): void => {}

  const onWritten = (bytes: number): void => {
    counters.bytesOut += bytes
  }
  const writer = createSerialWriter({ turnaroundMs, clock, onWritten })

  const onOpen = (): void => {
    state = 'open'
    counters.opens += 1
    writer.attach(wire)
    log.info({ path }, 'serial line open')
    hooks.onOpen()
  }

  const onBytes = (bytes: Uint8Array): void => {
    // Only a line that speaks has recovered: a server that accepts and hangs up would be tried without a pause.
    failures = 0
    counters.bytesIn += bytes.length
    writer.heard()
    hooks.onBytes(bytes)
  }

  const onLost = (reason: string): void => {
    writer.attach(undefined)
    const delayMs = Math.min(firstRetryMs * 2 ** failures, longestRetryMs)
    failures += 1
    cancelRetry = clock.after(delayMs * (1 + retryJitter * random()), () => {
      wire = open()
    })
    if (state === 'lost') return
    state = 'lost'
    counters.losses += 1
    log.warn({ path, reason }, 'serial line lost')
    hooks.onLost(reason)
  }

  const open = (): Wire => {
    const wireHooks = { onOpen, onBytes, onLost }
    return path.startsWith('tcp://')
      ? connectSerialServer(path, clock, wireHooks)
      : openSerialDevice(path, framing, clock, wireHooks)
  }
  let wire = open()

  return {
    write(bytes) {
      const taken = writer.write(bytes)
      if (!taken) counters.refusedWrites += 1
      return taken
    },
    counters: () => ({ ...counters }),
    state: () => (state === 'open' ? 'open' : 'lost'),
    close() {
      state = 'lost'
      cancelRetry()
      writer.attach(undefined)
      wire.close()
    },
  }
}
