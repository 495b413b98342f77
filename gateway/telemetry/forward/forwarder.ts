/**
 * Takes: the directory of the telemetry store and an InfluxDB. Gives: every sample on disk to it, exactly once as far
 * as anybody can see (a point sent again overwrites itself), and figures about that. Never: stands in the way of the
 * store or of an alarm, which go on whatever the far side does.
 */
import { Worker } from 'node:worker_threads'
import type { ForwarderFigures } from '../../model/telemetry.ts'
import type { InfluxTarget } from '../influx/target.ts'
import type { ForwardJob, ForwardNews } from './forward-worker.ts'

export type ForwarderOptions = {
  /** Where the day files are: `<data dir>/telemetry`. */
  readonly directory: string
  readonly influx: InfluxTarget
  readonly log: {
    info(facts: object, message: string): void
    warn(facts: object, message: string): void
    error(facts: object, message: string): void
  }
  readonly limits?: Partial<ForwardJob['limits']>
}

export interface Forwarder {
  figures(): ForwarderFigures
  /** Cuts a request under way short; its samples are sent again at the next start. */
  close(): Promise<void>
}

const defaultLimits: ForwardJob['limits'] = {
  /** About 0.5 MB before gzip: an InfluxDB takes it in one write. */
  batchSamples: 5_000,
  pollMs: 500,
  retryMaxMs: 60_000,
  timeoutMs: 30_000,
}

export const startForwarder = ({ directory, influx, log, limits }: ForwarderOptions): Forwarder => {
  const worker = new Worker(new URL('./forward-worker.ts', import.meta.url))
  let figures: ForwarderFigures = { lag: 0, forwarded: 0, rejected: 0, lost: 0 }
  let isClosing = false

  const update = (next: ForwarderFigures): void => {
    const { trouble, lag } = next
    if (trouble !== figures.trouble) {
      if (trouble) log.warn({ reason: trouble, lag }, 'telemetry is not forwarded')
      else log.info({ lag }, 'telemetry is forwarded again')
    }
    if (next.lost > figures.lost)
      log.warn({ count: next.lost - figures.lost }, 'telemetry was removed before it was forwarded')
    figures = next
  }

  worker.on('message', (news: ForwardNews) => {
    if ('figures' in news) update(news.figures)
    else log.warn(news.rejection, 'InfluxDB will never take these samples')
  })
  worker.on('error', error => {
    const reason = error instanceof Error ? error.message : String(error)
    log.error({ reason }, 'the forwarder of telemetry has ended')
    figures = { ...figures, trouble: `it has ended: ${reason}` }
  })
  const exited = new Promise<void>(resolve => worker.once('exit', () => resolve()))
  worker.postMessage({ directory, influx, limits: { ...defaultLimits, ...limits } } satisfies ForwardJob)

  return {
    figures: () => figures,
    close: () => {
      if (!isClosing) worker.postMessage('close')
      isClosing = true
      return exited
    },
  }
}
