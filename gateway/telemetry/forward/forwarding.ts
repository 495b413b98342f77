/**
 * Takes: batches of the spool. Gives: them to the far side, one request at a time, and the spool's cursor a step when
 * every sample of a batch was taken or will never be. Never: drops a sample because the far side is away, slow or set
 * up wrongly; never holds one in memory while it waits, so that retention stays free to remove what it must.
 */
import type { Clock } from '../../model/clock.ts'
import type { ForwarderFigures, Sample } from '../../model/telemetry.ts'
import type { Send, SendOutcome } from '../influx/sender.ts'
import type { Spool } from './spool.ts'

export type Rejection = {
  readonly count: number
  readonly reason: string
  /** One of them: whose, and of when. */
  readonly example?: Pick<Sample, 'device' | 'at'>
}

export type ForwardingPorts = {
  readonly spool: Spool
  readonly send: Send
  readonly clock: Clock
  /** 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number
  readonly onFigures: (figures: ForwarderFigures) => void
  readonly onRejected: (rejection: Rejection) => void
}

export type ForwardingLimits = {
  /** Samples a request. Halved when the far side finds it too large, and then grown again little by little. */
  readonly batchSamples: number
  /** How often to look for new samples when there were none. */
  readonly pollMs: number
  /** The longest pause between two tries, and the pause when a setting must be wrong. */
  readonly retryMaxMs: number
}

export interface Forwarding {
  /** Ends at once: a request that is under way counts as not answered. */
  stop(): Promise<void>
}

type Trouble = Extract<SendOutcome, { readonly kind: 'unavailable' | 'misconfigured' }>

type Delivery = { readonly trouble: Trouble } | { readonly rejected: number }

/** The pause before the second try; it doubles with each further one. */
const firstRetryMs = 1_000
/** A far side that asks for more than this is asked again nevertheless. */
const longestRetryAfterMs = 600_000
/** By how many samples the next request may be larger after one that was taken. */
const growthSamples = 100
/** So many samples of a refused batch are tried alone: if none is taken, it is not the samples. */
const maxProbes = 16

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

export const startForwarding = (ports: ForwardingPorts, limits: ForwardingLimits): Forwarding => {
  const { spool, clock } = ports
  const stopping = new AbortController()
  let wake = (): void => {}
  let limit = limits.batchSamples
  let failures = 0
  let forwarded = 0
  let rejected = 0
  let trouble: string | undefined
  let told = ''

  const tell = (): void => {
    const why = trouble ?? spool.unreadable
    const figures = { lag: spool.lag, forwarded, rejected, lost: spool.lost, ...(why && { trouble: why }) }
    const text = JSON.stringify(figures)
    if (text === told) return
    told = text
    ports.onFigures(figures)
  }

  const look = (): void => {
    try {
      spool.scan()
    } catch (error) {
      trouble = textOf(error)
    }
  }

  /** Figures stay true meanwhile. */
  const pause = async (ms: number): Promise<void> => {
    for (let rest = ms; rest > 0 && !stopping.signal.aborted; rest -= limits.pollMs) {
      tell()
      await new Promise<void>(resolve => {
        const cancel = clock.after(Math.min(rest, limits.pollMs), resolve)
        wake = () => {
          cancel()
          resolve()
        }
      })
      look()
    }
  }

  /** Somebody who speaks HTTP but is no InfluxDB refuses everything: then no sample is at fault. */
  const takesAny = async (batch: readonly Sample[]): Promise<boolean> => {
    const probes = Math.min(maxProbes, batch.length)
    for (let probe = 0; probe < probes; probe += 1) {
      const from = Math.floor((probe * batch.length) / probes)
      const to = Math.floor(((probe + 1) * batch.length) / probes)
      const index = from + Math.floor(ports.random() * (to - from))
      const outcome = await ports.send(batch.slice(index, index + 1), stopping.signal)
      if (outcome.kind === 'taken') return true
    }
    return false
  }

  /**
   * Sends what was refused again by halves, down to the samples that are at fault: what is sent twice overwrites
   * itself.
   */
  const deliver = async (batch: readonly Sample[]): Promise<Delivery> => {
    const parts = [batch]
    const refused: Sample[] = []
    let reason = ''
    let takesSome = false
    for (let part = parts.pop(); part; part = parts.pop()) {
      const outcome = await ports.send(part, stopping.signal)
      switch (outcome.kind) {
        case 'taken':
          takesSome = true
          limit = Math.min(limit + growthSamples, limits.batchSamples)
          continue
        case 'unavailable':
        case 'misconfigured':
          return { trouble: outcome }
        case 'too-large':
          if (part.length === 1) return { trouble: { kind: 'misconfigured', reason: outcome.reason } }
          limit = Math.ceil(part.length / 2)
          break
        case 'refused':
          reason = outcome.reason
          takesSome ||= outcome.dropped !== undefined || (await takesAny(batch))
          if (!takesSome) return { trouble: { kind: 'misconfigured', reason } }
          if (part.length > 1 && outcome.dropped !== part.length) break
          refused.push(...part)
          continue
      }
      const middle = Math.ceil(part.length / 2)
      parts.push(part.slice(middle), part.slice(0, middle))
    }
    const [example] = refused
    if (example) ports.onRejected({ count: refused.length, reason, example })
    return { rejected: refused.length }
  }

  /** Full jitter: many gateways do not come back to a server that has just risen all at once. */
  const pauseAfter = (it: Trouble): number => {
    if (it.kind === 'misconfigured') return limits.retryMaxMs
    const jittered = ports.random() * Math.min(firstRetryMs * 2 ** failures, limits.retryMaxMs)
    return Math.max(jittered, Math.min(it.retryAfterMs ?? 0, longestRetryAfterMs))
  }

  const step = async (): Promise<void> => {
    look()
    const batch = spool.next(limit)
    if (!batch) return pause(limits.pollMs)
    const delivery = await deliver(batch.samples)
    if (stopping.signal.aborted) return
    if ('trouble' in delivery) {
      trouble = delivery.trouble.reason
      const ms = pauseAfter(delivery.trouble)
      failures += 1
      return pause(ms)
    }
    trouble = undefined
    failures = 0
    forwarded += batch.samples.length - delivery.rejected
    rejected += delivery.rejected + batch.unreadable
    if (batch.unreadable > 0) ports.onRejected({ count: batch.unreadable, reason: 'not a sample' })
    spool.confirm(batch)
    tell()
  }

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        await step()
      } catch (error) {
        // The disk is full or broken: the telemetry store makes room, or says that it cannot.
        trouble = textOf(error)
        await pause(limits.pollMs)
      }
    }
    spool.close()
  }
  const ended = run()

  return {
    stop() {
      stopping.abort()
      wake()
      return ended
    },
  }
}
