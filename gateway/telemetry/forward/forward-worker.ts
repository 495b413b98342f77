/** The thread that forwards: neither its queries nor its requests hold up the store's writer or an alarm. */
import { parentPort } from 'node:worker_threads'
import { systemClock } from '../../kit/system-clock.ts'
import type { ForwarderFigures } from '../../model/telemetry.ts'
import { createSender } from '../influx/sender.ts'
import type { InfluxTarget } from '../influx/target.ts'
import { type ForwardingLimits, type Rejection, startForwarding } from './forwarding.ts'
import { openSpool } from './spool.ts'

/** The first message to the thread; the second, whatever it is, ends it. */
export type ForwardJob = {
  readonly directory: string
  readonly influx: InfluxTarget
  readonly limits: ForwardingLimits & { readonly timeoutMs: number }
}

export type ForwardNews = { readonly figures: ForwarderFigures } | { readonly rejection: Rejection }

const port = parentPort
if (port === null) throw new Error('this file is the start of a worker thread')

const tell = (news: ForwardNews): void => port.postMessage(news)

port.once('message', ({ directory, influx, limits }: ForwardJob) => {
  const forwarding = startForwarding(
    {
      spool: openSpool(directory),
      send: createSender(influx, limits.timeoutMs),
      clock: systemClock,
      random: Math.random,
      onFigures: figures => tell({ figures }),
      onRejected: rejection => tell({ rejection }),
    },
    limits,
  )
  port.once('message', () => void forwarding.stop().then(() => port.close()))
})
