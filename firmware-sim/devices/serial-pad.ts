/**
 * A bed pad on a serial line.
 * Takes: somebody in the bed, and events. Gives: a measurement every ten seconds, a heartbeat every minute, and each event
 * again and again until the gateway's type 80 says that it has arrived. Never does: give an event up.
 */
import { type Clock, every } from '../clock.ts'
import type { Random } from '../random.ts'
import type { Sleeper } from '../sleeper.ts'
import {
  createFeedbackReader,
  encodeNative,
  type NativeMessage,
  type NativeTrigger,
} from '../wire/native-serial.ts'
import type { SerialDevice, Write } from './serial-server.ts'

export type SerialPadOptions = {
  readonly number: number
  readonly clock: Clock
  readonly random: Random
  readonly write: Write
  readonly sleeper: Sleeper
}

export type SerialPad = SerialDevice & {
  /** Resolves true when the gateway has it; false when the pad is closed before, or refused it for want of memory. */
  trigger(trigger: NativeTrigger): Promise<boolean>
  status(status: { readonly mainsLost?: boolean; readonly tamper?: boolean }): void
}

const measureEveryMs = 10_000
const heartbeatEveryMs = 60_000
const firstRepeatMs = 500
const longestRepeatMs = 8_000
/** Events that wait for the gateway; one more is answered with false. */
const memoryLimit = 32
const wrap = 0x1_0000

export const createSerialPad = (options: SerialPadOptions): SerialPad => {
  const { number: device, clock, random, write, sleeper } = options
  const boot = random.between(0, wrap - 1)
  const waiting = new Map<number, (done: boolean) => void>()
  let flags = {}
  let last = 0

  const say = (message: NativeMessage, sequence = (last = (last + 1) % wrap)): number => {
    write(encodeNative({ device, boot, sequence }, message))
    return sequence
  }
  const measure = () => {
    const { stage: _, ...vitals } = sleeper(clock.now())
    say({ type: 'measurement', ...vitals })
  }
  const beat = () => say({ type: 'heartbeat', rssiDbm: random.between(-60, -40), ...flags })
  const timers = [every(clock, measureEveryMs, measure), every(clock, heartbeatEveryMs, beat)]

  const repeat = (message: NativeMessage, sequence: number, delayMs: number): (() => void) => {
    let cancel = clock.after(delayMs, () => {
      say(message, sequence)
      cancel = repeat(message, sequence, Math.min(delayMs * 2, longestRepeatMs))
    })
    return () => cancel()
  }

  return {
    trigger: trigger => {
      if (waiting.size >= memoryLimit) return Promise.resolve(false)
      const message = { type: 'event', trigger } as const
      const sequence = say(message)
      const stop = repeat(message, sequence, firstRepeatMs)
      return new Promise(settle => {
        waiting.set(sequence, done => {
          stop()
          waiting.delete(sequence)
          settle(done)
        })
      })
    },
    status: status => {
      flags = { ...flags, ...status }
      beat()
    },
    receive: createFeedbackReader(feedback => {
      if (feedback.device === device && feedback.boot === boot) waiting.get(feedback.sequence)?.(true)
    }),
    opened: beat,
    close: () => {
      for (const stop of timers) stop()
      for (const settle of waiting.values()) settle(false)
    },
  }
}
