import { Counter } from 'prom-client'
import type { TrailEntry } from '../model/trail.ts'
import type { ApiPorts } from './app.ts'

/** An answer waits no longer for the trail: what was done is done, and who looks after a call must see that. */
const patienceMs = 2_000
/** Looks at open alarms that wait to be recorded. Further ones are in the log alone. */
const waitingLimit = 1_000
const retryMs = 5_000

export type Recorder = {
  /** False, logged and counted: it could not be recorded, or not in time. */
  record(entry: TrailEntry): Promise<boolean>
  /** For what saves a life: goes on when it cannot be recorded, and is recorded as soon as it can. */
  recordAnyhow(entry: TrailEntry): Promise<void>
  /** Tries what waits once more, and waits no longer. */
  close(): Promise<void>
}

type Ports = Pick<ApiPorts, 'trail' | 'clock' | 'metrics' | 'log'>

export const createRecorder = ({ trail, clock, metrics, log }: Ports): Recorder => {
  const failures = new Counter({
    name: 'anling_trail_failures_total',
    help: 'Acts that the audit trail did not take, or not in time',
    registers: [metrics],
  })
  const waiting: TrailEntry[] = []
  let stopRetrying: (() => void) | undefined

  const attempt = async (entry: TrailEntry): Promise<boolean> => {
    try {
      return await trail.record(entry)
    } catch (error) {
      log.error({ err: error }, 'the trail failed')
      return false
    }
  }

  /** Without the reason and without a name: logs are read by others. */
  const tellFailure = ({ action, subject, actor, at }: TrailEntry): void => {
    failures.inc()
    log.error(
      { action, subject, actor: 'id' in actor ? actor.id : actor.kind, at },
      'an act could not be put on record',
    )
  }

  const inTime = async (recorded: Promise<boolean>): Promise<boolean> => {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const stop = clock.after(patienceMs, () => resolve(false))
    void recorded.then(resolve)
    try {
      return await promise
    } finally {
      stop()
    }
  }

  const retry = async (): Promise<void> => {
    for (let [entry] = waiting; entry && (await attempt(entry)); [entry] = waiting) waiting.shift()
  }
  const retryLater = (): void => {
    stopRetrying ??= clock.after(retryMs, () => {
      void retry().then(() => {
        stopRetrying = undefined
        if (waiting.length > 0) retryLater()
      })
    })
  }

  return {
    async record(entry) {
      const recorded = await inTime(attempt(entry))
      if (!recorded) tellFailure(entry)
      return recorded
    },
    async recordAnyhow(entry) {
      const recorded = attempt(entry).then(ok => {
        if (ok) return true
        tellFailure(entry)
        if (waiting.length < waitingLimit) waiting.push(entry)
        retryLater()
        return false
      })
      await inTime(recorded)
    },
    async close() {
      stopRetrying?.()
      await retry()
    },
  }
}
