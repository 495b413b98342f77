/**
 * Buttons and terminals in one process, so that one clock sees both ends of a press.
 * Takes a server that does some job and a town, gives latencies. Never waits without a bound.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import type { LoadTown } from '../support/load-town.ts'
import { connectMqtt, type MqttClient } from '../support/mqtt-load.ts'
import { type Percentiles, percentiles } from './percentiles.ts'

type Home = LoadTown['homes'][number]
type Point = LoadTown['points'][number]

/** What the server under measurement is asked to do. */
export type Job = {
  readonly url: string
  readonly town: LoadTown
  readonly pressTopic: (home: Home) => string
  readonly offerTopic: (point: Point) => string
  /** False for a broker that lets everybody in. */
  readonly loggedIn: boolean
  /** The terminal answers each offer with `received`, and the button listens for its feedback. */
  readonly wholeDialogue: boolean
}

export type Measured = {
  readonly ratePerSecond: number
  readonly sent: number
  /** What the presses were really paced at. */
  readonly achievedPerSecond: number
  readonly delivered: number
  readonly acknowledged: number
  /** First offers that reached another terminal than the nearest point's. */
  readonly misrouted: number
  readonly toTerminal: Percentiles
  readonly toPuback: Percentiles
}

/** Connections being opened at the same moment. */
const openingAtOnce = 64
/** Each loopback address has its own 28,000 ports, and a server may bound connections per address. */
const localAddresses = 50
const drainLimitMs = 10_000
/** Pressed before the clock starts, so that no just-in-time compiler is measured. */
export const warmUpPresses = 2_000
const warmUpPerSecond = 1_000

/** Opens a connection for each item, some at a time. Rejects with the first that fails. */
export const openAll = async <T>(
  items: readonly T[],
  open: (item: T, index: number) => Promise<MqttClient>,
): Promise<MqttClient[]> => {
  const clients: MqttClient[] = []
  const queue = items.entries()
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) clients[index] = await open(item, index)
  }
  await Promise.all(Array.from({ length: openingAtOnce }, worker))
  return clients
}

/** Ends every connection and waits until it is gone. */
export const endAll = async (clients: readonly MqttClient[]): Promise<void> => {
  for (const client of clients) client.socket.destroy()
  await Promise.all(clients.map(client => client.closed))
}

export const localAddress = (index: number): string => `127.0.0.${2 + (index % localAddresses)}`

export const openButton = (job: Job, home: Home, index: number): Promise<MqttClient> =>
  connectMqtt({
    url: job.url,
    clientId: home.device,
    localAddress: localAddress(index),
    ...(job.loggedIn ? { username: home.device, password: home.secret } : {}),
    ...(job.wholeDialogue ? { subscribe: [`anling/v1/${home.device}/feedback`] } : {}),
  })

/** Whose press it was. An offer has `alarm` and `epoch` besides, a bare hop carries the press itself. */
const Heard = z.looseObject({ home: z.object({ id: z.string() }) })

const openTerminals = (job: Job, onOffer: (home: number, point: number) => void): Promise<MqttClient[]> =>
  openAll(job.town.points, (point, index) =>
    connectMqtt({
      url: job.url,
      clientId: `terminal-${point.id}`,
      localAddress: localAddress(index),
      ...(job.loggedIn ? { username: `point:${point.id}`, password: point.secret } : {}),
      subscribe: [job.offerTopic(point)],
      onMessage: (message, client) => {
        const { home, alarm, epoch } = Heard.parse(JSON.parse(String(message.payload)))
        onOffer(Number(home.id.slice(2)), index)
        if (!job.wholeDialogue) return
        const reply = JSON.stringify({ alarm, epoch, action: 'received' })
        client.send(`anling/v1/points/${point.id}/reply`, reply)
      },
    }),
  )

/** Calls `press` for 0 to `count` - 1, each when it is due; never waits for an answer. */
export const pace = async (
  count: number,
  ratePerSecond: number,
  press: (index: number) => void,
): Promise<number> => {
  const start = performance.now()
  for (let next = 0; next < count; await pause(1)) {
    const due = Math.min(count, Math.floor(((performance.now() - start) * ratePerSecond) / 1000) + 1)
    while (next < due) press(next++)
  }
  return performance.now() - start
}

const since = (sentAt: Float64Array, arrivedAt: Float64Array): number[] =>
  [...arrivedAt].map((at, index) => at - (sentAt[index] ?? Number.NaN)).filter(Number.isFinite)

/** The times of one run, by index of the press. */
const makeLedger = (town: LoadTown, count: number) => {
  const times = () => new Float64Array(count).fill(Number.NaN)
  const [sentAt, offeredAt, acknowledgedAt] = [times(), times(), times()]
  const complete = Promise.withResolvers<void>()
  const tally = { delivered: 0, acknowledged: 0, misrouted: 0 }
  const checkComplete = () => {
    if (tally.delivered === count && tally.acknowledged === count) complete.resolve()
  }
  return {
    sentAt,
    offeredAt,
    acknowledgedAt,
    tally,
    complete: complete.promise,
    offered: (home: number, point: number) => {
      // Only the first offer of a press counts; one of the warm-up lies outside the array.
      if (!Number.isNaN(offeredAt[home - warmUpPresses] ?? 0)) return
      offeredAt[home - warmUpPresses] = performance.now()
      tally.delivered++
      if (town.homes[home]?.point !== point) tally.misrouted++
      checkComplete()
    },
    acknowledged: (press: number) => {
      acknowledgedAt[press] = performance.now()
      tally.acknowledged++
      checkComplete()
    },
  }
}

/**
 * Presses `count` of the town's buttons once each, at this rate, after the first `warmUpPresses` of them have warmed
 * everything up. All are connected before the clock starts. A press that has not arrived `drainLimitMs` after the last
 * one was sent counts as not delivered.
 */
export const measurePresses = async (
  job: Job,
  load: { readonly ratePerSecond: number; readonly count: number },
  meanwhile?: () => Promise<void>,
): Promise<Measured> => {
  const { ratePerSecond, count } = load
  const ledger = makeLedger(job.town, count)
  const homes = job.town.homes.slice(0, warmUpPresses + count)
  const terminals = await openTerminals(job, ledger.offered)
  const buttons = await openAll(homes, (home, index) => openButton(job, home, index))
  const presses = homes.map((home, index) => ({
    topic: job.pressTopic(home),
    payload: JSON.stringify({ id: `p-${index}`, type: 'sos', home: { id: home.id } }),
  }))
  const press = (index: number, settled: (acknowledged: boolean) => void): void => {
    const { topic, payload } = presses[index] ?? { topic: '', payload: '' }
    buttons[index]?.publish(topic, payload, settled)
  }

  await pace(warmUpPresses, warmUpPerSecond, index => press(index, () => {}))
  const other = meanwhile?.()
  const tookMs = await pace(count, ratePerSecond, index => {
    ledger.sentAt[index] = performance.now()
    press(warmUpPresses + index, ok => {
      if (ok) ledger.acknowledged(index)
    })
  })
  await Promise.race([ledger.complete, pause(drainLimitMs, undefined, { ref: false })])
  await other
  await endAll([...buttons, ...terminals])
  return {
    ratePerSecond,
    sent: count,
    achievedPerSecond: count / (tookMs / 1000),
    ...ledger.tally,
    toTerminal: percentiles(since(ledger.sentAt, ledger.offeredAt)),
    toPuback: percentiles(since(ledger.sentAt, ledger.acknowledgedAt)),
  }
}
