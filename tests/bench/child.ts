/** A load generator in a process of its own: it is prepared, told to go, and answers once. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { z } from 'zod'
import { endChild } from './mosquitto.ts'

const readyLimitMs = 120_000
const resultLimitMs = 300_000

export type Generator<Result> = {
  /** Lets it begin. Rejects when it ends, or says nothing for too long. */
  readonly go: () => Promise<Result>
  readonly end: () => Promise<void>
}

type Shapes<Ready, Result> = { readonly ready: z.ZodType<Ready>; readonly result: z.ZodType<Result> }

/** Resolves when it is ready, with what it said then. Job and answers are cloned. */
export const startGenerator = async <Ready, Result>(
  script: URL,
  job: object,
  shapes: Shapes<Ready, Result>,
): Promise<Generator<Result> & { readonly ready: Ready }> => {
  const child = fork(script, { stdio: 'inherit', serialization: 'advanced' })
  const hear = async (limitMs: number): Promise<unknown> => {
    const ended = new AbortController()
    const onExit = (code: number | null) => ended.abort(new Error(`${script.pathname} ended with ${code}`))
    child.once('exit', onExit)
    try {
      const [message]: unknown[] = await once(child, 'message', {
        signal: AbortSignal.any([ended.signal, AbortSignal.timeout(limitMs)]),
      })
      return message
    } finally {
      child.off('exit', onExit)
    }
  }
  child.send(job)
  const ready = shapes.ready.parse(await hear(readyLimitMs))
  return {
    ready,
    go: async () => {
      child.send('go')
      return shapes.result.parse(await hear(resultLimitMs))
    },
    end: () => endChild(child),
  }
}

/** The other end, in the child: prepares, waits for the word, works, and stays until it is ended. */
export const serve = async <Job>(
  shape: z.ZodType<Job>,
  prepare: (job: Job) => Promise<{ readonly ready: unknown; readonly work: () => Promise<unknown> }>,
): Promise<void> => {
  process.once('disconnect', () => process.exit())
  const [job]: unknown[] = await once(process, 'message')
  const { ready, work } = await prepare(shape.parse(job))
  const go = once(process, 'message')
  process.send?.(ready)
  await go
  process.send?.(await work())
}
