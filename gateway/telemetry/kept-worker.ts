/** A worker that is started when it is first asked something, and again after it has died. */
import type { WorkerLink } from '../kit/worker-link.ts'
import type { Clock } from '../model/clock.ts'
import type { Instant } from '../model/ids.ts'

/** So many questions may wait for their answers. One more is refused. */
const maxWaiting = 1_000
/** After a death: one that dies at its start must not be started all the time. Questions are refused meanwhile. */
const restMs = 5_000

export type KeptWorker = {
  /** Rejects when the worker cannot be asked now, fails to answer, or dies of the question. */
  readonly ask: (text: string) => Promise<string>
  readonly running: () => boolean
  /** Lets it finish what it was asked. */
  readonly close: () => Promise<void>
}

type Options = {
  readonly start: (onEnd: (reason: string) => void) => WorkerLink
  readonly clock: Clock
  /** It has ended though nobody closed it. */
  readonly onDeath: (reason: string) => void
}

export const keepWorker = ({ start, clock, onDeath }: Options): KeptWorker => {
  let link: WorkerLink | undefined
  let diedAt: Instant | undefined
  let closed = false

  // The distance, not the difference: a clock that is set back must not make the rest longer.
  const rests = () => diedAt !== undefined && Math.abs(clock.now() - diedAt) < restMs
  const onEnd = (reason: string): void => {
    link = undefined
    if (closed) return
    diedAt = clock.now()
    onDeath(reason)
  }

  return {
    ask: async text => {
      if (closed) throw new Error('the worker is closed')
      if (rests()) throw new Error('the worker has died and is not yet started again')
      link ??= start(onEnd)
      if (link.waiting() >= maxWaiting) throw new Error('too many questions wait for the worker')
      return link.ask(text)
    },
    running: () => link !== undefined,
    close: async () => {
      closed = true
      await link?.close()
    },
  }
}
