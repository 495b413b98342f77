/** The store's thread as the main thread sees it: typed questions, and complaints about its disk. */
import type { Logger } from 'pino'
import { startWorker } from '../kit/worker-link.ts'
import type { Clock } from '../model/clock.ts'
import type { Instant } from '../model/ids.ts'
import { type Command, isReplyTo, type Replies } from './commands.ts'
import { keepWorker } from './kept-worker.ts'

export type StoreThread = {
  /** Rejects when the disk refuses, and when the thread cannot be asked. */
  readonly ask: <Key extends keyof Replies>(
    key: Key,
    command: Extract<Command, Record<Key, unknown>>,
  ) => Promise<Replies[Key]>
  readonly running: () => boolean
  /** Logs what went wrong, unless something has just been logged: a disk that refuses does so many times a second. */
  readonly complain: (error: unknown, what: string) => void
  readonly close: () => Promise<void>
}

type Options = {
  readonly directory: string
  readonly clock: Clock
  readonly log: Pick<Logger, 'error'>
}

const complaintIntervalMs = 10_000

export const createStoreThread = ({ directory, clock, log }: Options): StoreThread => {
  let complainedAt: Instant | undefined
  const script = new URL('./store-worker.ts', import.meta.url)
  const { ask, running, close } = keepWorker({
    start: onEnd => startWorker({ script, path: directory, onEnd }),
    clock,
    onDeath: detail => log.error({ detail }, 'the thread of the telemetry store has died'),
  })

  return {
    ask: async (key, command) => {
      const reply: unknown = JSON.parse(await ask(JSON.stringify(command)))
      if (!isReplyTo(key, reply)) throw new Error(`the telemetry store gave no reply to ${key}`)
      return reply
    },
    running,
    complain: (error, what) => {
      const now = clock.now()
      if (complainedAt !== undefined && Math.abs(now - complainedAt) < complaintIntervalMs) return
      complainedAt = now
      log.error({ detail: error instanceof Error ? error.message : String(error) }, what)
    },
    close,
  }
}
