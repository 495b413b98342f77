/**
 * The serial lines of the settings: each a transport, the protocol that is spoken on it, and the devices behind it. What
 * devices say goes to the hearing; what the hearing answers, and news for the caller, goes back over the line. A line that
 * is gone or says nothing is a technical alarm.
 */
import type { Logger } from 'pino'
import type { Addresses, LineAddress } from './addresses.ts'
import { protocols } from './decode/protocols.ts'
import type { Said } from './hearing.ts'
import type { Clock } from './model/clock.ts'
import type { FeedbackStage } from './model/delivery.ts'
import type { DeviceId, Instant } from './model/ids.ts'
import type { LineInput, LineOutput, LineSession } from './model/line.ts'
import type { Settings } from './settings.ts'
import { callOfStranger, type StrangerBook, strangerId } from './strangers.ts'
import { openSerialLine, type SerialCounters, type SerialLine } from './transport/serial-line.ts'

/** Beyond: whoever rang longest ago gets no further news over its line. */
const maxRang = 1_000
/** A cable that is pulled and put back at once is not worth an alarm. */
const lostGraceMs = 10_000
/** What the journal could not take is told again. */
const tellAgainMs = 10_000

type LineSetting = Settings['serial']['lines'][number]

export type SerialLinesPorts = {
  readonly lines: readonly LineSetting[]
  readonly addresses: Addresses
  readonly strangers: StrangerBook
  readonly clock: Clock
  readonly random: () => number
  readonly log: Logger
  readonly take: (said: Said) => Promise<boolean>
  readonly alive: (device: DeviceId, at: Instant) => void
  /** The line has gone quiet, or speaks again. False: the journal could not take it, tell it again. */
  readonly tellLost: (
    line: LineSetting,
    lost: { readonly since: Instant; readonly why: string } | undefined,
  ) => Promise<boolean>
  readonly count: LineCounters
}

export type LineCounters = {
  readonly frame: (line: string) => void
  readonly discarded: (line: string, reason: string, bytes: number) => void
}

export interface SerialLines {
  open(): void
  /** Undefined: this device is not on a serial line. */
  feedback(device: DeviceId, eventId: string, stage: FeedbackStage): 'written' | 'line-lost' | undefined
  isLost(line: string): boolean
  counters(): ReadonlyMap<string, SerialCounters>
  close(): void
}

type Running = {
  readonly step: (input: LineInput) => void
  readonly serial: SerialLine
  readonly isLost: () => boolean
  readonly close: () => void
}

export const createSerialLines = (ports: SerialLinesPorts): SerialLines => {
  const { addresses, strangers, clock, log, count } = ports
  const running = new Map<string, Running>()
  /** Devices that rang without being registered: they get their answer too. */
  const rang = new Map<DeviceId, LineAddress>()

  const start = (setting: LineSetting): Running => {
    const { id: line } = setting
    const protocol = protocols[setting.protocol]
    const session: LineSession = protocol.open(setting)
    const source = setting.protocol === 'espa444' ? 'espa444' : 'serial'
    let cancelWake: (() => void) | undefined
    let cancelSilence: (() => void) | undefined
    let cancelTelling: (() => void) | undefined
    let heardAt = clock.now()
    let lost: { since: Instant; why: string } | undefined
    /** Told to be well. Not so at the start: an alarm may be open from before. */
    let isWell = false

    const tell = async (): Promise<void> => {
      cancelTelling?.()
      const telling = lost
      const isTold = await ports.tellLost(setting, telling)
      if (!isTold && lost === telling) cancelTelling = clock.after(tellAgainMs, () => void tell())
    }
    const lose = (why: string): void => {
      isWell = false
      lost ??= { since: heardAt, why }
      void tell()
    }
    /** One timer, however often the line speaks: it looks when it was heard last. */
    const expectSound = (withinMs: number, why: string): void => {
      cancelSilence?.()
      cancelSilence = clock.after(withinMs, () => {
        const leftMs = heardAt + protocol.silentAfterMs - clock.now()
        if (serial.state() === 'open' && leftMs > 0) expectSound(leftMs, why)
        else lose(why)
      })
    }
    const heard = (): void => {
      heardAt = clock.now()
      if (isWell) return
      isWell = true
      lost = undefined
      expectSound(protocol.silentAfterMs, 'silent')
      void tell()
    }

    const observed = async ({ address, observation, token }: Extract<LineOutput, { type: 'observed' }>) => {
      const receivedAt = clock.now()
      const known = addresses.onLine(line, address)
      const at = { line, address }
      let taken = true
      if (known) taken = await ports.take({ device: known, receivedAt, observation })
      else {
        strangers.met({ source, ...at }, receivedAt)
        const call = callOfStranger(observation, at)
        if (call) {
          const device = strangerId(line, address)
          rang.delete(device)
          rang.set(device, at)
          const [oldest] = rang.keys()
          if (rang.size > maxRang && oldest) rang.delete(oldest)
          taken = await ports.take({
            device,
            receivedAt,
            observation: call,
            ...(setting.home && { home: setting.home }),
          })
        }
      }
      if (token !== undefined) step({ type: 'verdict', token, taken })
    }

    const act = (output: LineOutput): void => {
      switch (output.type) {
        case 'observed':
          count.frame(line)
          heard()
          observed(output).catch((error: unknown) => {
            log.error({ err: error, line }, 'a frame was not taken')
            // Without a verdict a radar would wait for it for ever, with its fall.
            if (output.token !== undefined) step({ type: 'verdict', token: output.token, taken: false })
          })
          return
        case 'alive': {
          count.frame(line)
          heard()
          const device = addresses.onLine(line, output.address)
          if (device) ports.alive(device, clock.now())
          // A panel that shakes hands is the line itself, and nobody's device.
          else if (setting.protocol !== 'espa444')
            strangers.met({ source, line, address: output.address, facts: output.facts ?? {} }, clock.now())
          return
        }
        case 'write':
          serial.write(output.bytes)
          return
        case 'discarded':
          count.discarded(line, output.reason, output.bytes)
          log.debug({ line, ...output }, 'bytes discarded')
      }
    }

    const step = (input: LineInput): void => {
      const { outputs, wakeAt } = session.step(input, clock.now())
      cancelWake?.()
      cancelWake =
        wakeAt === undefined
          ? undefined
          : clock.after(Math.max(0, wakeAt - clock.now()), () => step({ type: 'wake' }))
      for (const output of outputs) act(output)
    }

    const { baudRate, dataBits, parity, stopBits } = { ...protocol.framing, ...setting }
    const serial = openSerialLine({
      path: setting.path,
      framing: { baudRate, dataBits, parity, stopBits },
      turnaroundMs: setting.turnaroundMs ?? protocol.turnaroundMs,
      clock,
      random: ports.random,
      log,
      hooks: {
        onOpen: () => step({ type: 'opened' }),
        onBytes: bytes => step({ type: 'bytes', bytes }),
        onLost(reason) {
          if (!lost) expectSound(Math.min(lostGraceMs, protocol.silentAfterMs), reason)
        },
      },
    })
    expectSound(protocol.silentAfterMs, 'silent since the start')
    return {
      step,
      serial,
      isLost: () => lost !== undefined,
      close() {
        cancelWake?.()
        cancelSilence?.()
        cancelTelling?.()
        serial.close()
      },
    }
  }

  return {
    open() {
      for (const setting of ports.lines) running.set(setting.id, start(setting))
    },
    feedback(device, eventId, stage) {
      const at = addresses.lineOf(device) ?? rang.get(device)
      if (!at) return undefined
      const line = running.get(at.line)
      if (line?.serial.state() !== 'open') return 'line-lost'
      line.step({ type: 'feedback', address: at.address, eventId, stage })
      return 'written'
    },
    isLost: line => running.get(line)?.isLost() ?? false,
    counters: () => new Map(Array.from(running, ([id, { serial }]) => [id, serial.counters()])),
    close() {
      for (const line of running.values()) line.close()
    },
  }
}
