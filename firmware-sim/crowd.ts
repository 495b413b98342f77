/**
 * The people of a town: every button and every terminal of it, over one broker.
 * Takes: a town with simulation secrets. Gives: what happens at the buttons and terminals, as it happens, and the time
 * from a press to the first terminal that shows it. Never does: look into the gateway.
 */
import { type Button, createButton } from './button.ts'
import { type Clock, systemClock } from './clock.ts'
import type { Feedback, Offer, Reply } from './codec.ts'
import type { LinkState } from './link.ts'
import { createRandom } from './random.ts'
import { createStopwatch, type Stopwatch } from './stopwatch.ts'
import type { Strategy } from './strategies.ts'
import { createTerminal, type Terminal } from './terminal.ts'

export type Happening =
  | { readonly type: 'pressed'; readonly device: string; readonly event: string; readonly kind: string }
  /** PUBACK. */
  | { readonly type: 'accepted'; readonly device: string; readonly event: string }
  | { readonly type: 'offered'; readonly point: string; readonly offer: Offer }
  | { readonly type: 'replied'; readonly point: string; readonly reply: Reply }
  | { readonly type: 'told'; readonly device: string; readonly feedback: Feedback }
  | { readonly type: 'link'; readonly who: string; readonly state: LinkState }

type Login = { readonly id: string; readonly secret?: string | undefined }

export type CrowdOptions = {
  /** Of a registry document, what logs in. */
  readonly town: { readonly servicePoints: readonly Login[]; readonly devices: readonly Login[] }
  readonly url: string
  readonly seed: string
  /** Asked anew after each press. */
  readonly pressesPerMinute: () => number
  readonly strategy: Strategy
  /** On which people react and devices live. Presses, latencies and patience go by real time. */
  readonly clock: Clock
  readonly report: (happening: Happening) => void
}

export type Crowd = {
  /** Connects all terminals, then all buttons; pressing begins with the first button. Resolves when all are there. */
  gather(): Promise<void>
  /** Resolves when every press is acknowledged, or patience is at its end. */
  stopPressing(): Promise<void>
  readonly stopwatch: Stopwatch
  close(): Promise<void>
}

/** Links that connect at one time: a whole town at once would look like an attack. */
const connectWidth = 32
/** Who is not connected by then is left to come later; its link goes on trying. */
const connectPatienceMs = 5_000
const acknowledgePatienceMs = 5_000

const kinds = [
  { weight: 92, kind: 'sos' },
  { weight: 8, kind: 'service' },
] as const
/** So many presses come from somebody who pressed just before, and waits. */
const repeatShare = 0.08

type Member = { close(): Promise<void> }

export const createCrowd = (options: CrowdOptions): Crowd => {
  const { town, url, seed, clock, report } = options
  const random = createRandom(`${seed}/presses`)
  const stopwatch = createStopwatch()
  const members: Member[] = []
  const buttons: Button[] = []
  const unacknowledged = new Set<Promise<boolean>>()
  /** Ends the waiting for each member that is not connected yet. */
  const awaited = new Set<() => void>()
  let lastPressed: Button | undefined
  let closed = false
  let pressing: 'not yet' | 'on' | 'over' = 'not yet'
  let cancelPress = () => {}

  const stopPressing = async (): Promise<void> => {
    pressing = 'over'
    cancelPress()
    const { promise: enough, resolve } = Promise.withResolvers<void>()
    const cancel = systemClock.after(acknowledgePatienceMs, resolve)
    await Promise.race([Promise.all(unacknowledged), enough])
    cancel()
  }

  const pressOne = () => {
    const button = lastPressed && random.chance(repeatShare) ? lastPressed : random.pick(buttons)
    lastPressed = button
    const { kind } = random.weighted(kinds)
    const { id: event, acknowledged } = button.press(kind)
    const { device } = button
    stopwatch.pressed(`${device}/${event}`, systemClock.now())
    report({ type: 'pressed', device, event, kind })
    unacknowledged.add(acknowledged)
    void acknowledged.then(done => {
      unacknowledged.delete(acknowledged)
      if (done) report({ type: 'accepted', device, event })
    })
    const meanMs = 60_000 / options.pressesPerMinute()
    cancelPress = systemClock.after(meanMs * (0.5 + random.fraction()), pressOne)
  }

  const startTerminal = ({ id: point, secret = '' }: Login, onState: (state: LinkState) => void): Terminal =>
    createTerminal({
      url,
      point,
      secret,
      clock,
      onState,
      strategy: options.strategy,
      random: createRandom(`${seed}/${point}`),
      onOffer: offer => {
        stopwatch.offered(offer.alarm, systemClock.now())
        report({ type: 'offered', point, offer })
      },
      onReply: reply => report({ type: 'replied', point, reply }),
    })

  const startButton = ({ id: device, secret = '' }: Login, onState: (state: LinkState) => void): Button => {
    const button = createButton({
      url,
      device,
      secret,
      clock,
      onState,
      random: createRandom(`${seed}/${device}`),
      onFeedback: feedback => {
        if (feedback.stage === 'accepted') stopwatch.raised(`${device}/${feedback.event}`, feedback.alarm)
        report({ type: 'told', device, feedback })
      },
    })
    buttons.push(button)
    return button
  }

  /** Resolves when the new member is connected, or patience is at its end. */
  const join = (who: string, start: (onState: (state: LinkState) => void) => Member): Promise<void> =>
    new Promise(settled => {
      const arrive = () => {
        cancel()
        awaited.delete(arrive)
        settled()
      }
      const cancel = systemClock.after(connectPatienceMs, arrive)
      awaited.add(arrive)
      const member = start(state => {
        report({ type: 'link', who, state })
        if (state.up) arrive()
      })
      members.push(member)
    })

  const joinAll = async <T>(rows: readonly T[], joinOne: (row: T) => Promise<void>): Promise<void> => {
    const queue = rows.values()
    const worker = async () => {
      for (const row of queue) if (!closed) await joinOne(row)
    }
    await Promise.all(Array.from({ length: connectWidth }, worker))
  }

  return {
    gather: async () => {
      await joinAll(town.servicePoints, point =>
        join(`point:${point.id}`, state => startTerminal(point, state)),
      )
      await joinAll(town.devices, async device => {
        await join(device.id, state => startButton(device, state))
        if (pressing !== 'not yet') return
        pressing = 'on'
        pressOne()
      })
    },
    stopPressing,
    stopwatch,
    close: async () => {
      closed = true
      pressing = 'over'
      cancelPress()
      for (const arrive of awaited) arrive()
      await Promise.all(members.map(member => member.close()))
    },
  }
}
