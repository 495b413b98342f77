/**
 * The main thread's end of a worker. Questions and answers are JSON texts: to print once and copy a string is several
 * times cheaper than to clone an object. All that is asked in one turn of the event loop goes over as one message.
 */
import { Worker } from 'node:worker_threads'

/** From a worker: an answer per question (`failed`: the reason instead), or news that nobody asked for. */
export type Answer = { readonly id: number; readonly text: string; readonly failed?: true }
export type FromWorker = { readonly answers: readonly Answer[] } | { readonly news: string }

/** To a worker: questions with their ids, or the wish to end after those that came before. */
export type Question = { readonly id: number; readonly text: string }
export type ToWorker = readonly Question[] | 'close'

export type WorkerLink = {
  /** Rejects when the worker fails to answer or has ended. */
  readonly ask: (text: string) => Promise<string>
  /** Questions that wait for their answers. */
  readonly waiting: () => number
  /** Lets the worker finish what it was asked, and end. */
  readonly close: () => Promise<void>
}

type Options = {
  readonly script: URL
  readonly path: string
  readonly onNews?: (text: string) => void
  /** The worker has ended, wanted or not: nothing will be answered any more. */
  readonly onEnd?: (reason: string) => void
}

type Waiting = { readonly resolve: (text: string) => void; readonly reject: (error: Error) => void }

export const startWorker = ({ script, path, onNews, onEnd }: Options): WorkerLink => {
  const worker = new Worker(script, { workerData: path })
  const waiting = new Map<number, Waiting>()
  let lastId = 0
  let outgoing: Question[] = []
  let ended: string | undefined

  const flush = () => {
    if (outgoing.length === 0) return
    worker.postMessage(outgoing satisfies ToWorker)
    outgoing = []
  }
  const settle = ({ id, text, failed }: Answer) => {
    const asker = waiting.get(id)
    waiting.delete(id)
    if (failed) asker?.reject(new Error(text))
    else asker?.resolve(text)
  }
  const end = (reason: string) => {
    if (ended !== undefined) return
    ended = reason
    for (const { reject } of waiting.values()) reject(new Error(reason))
    waiting.clear()
    onEnd?.(reason)
  }

  worker.on('message', (message: FromWorker) => {
    if ('answers' in message) message.answers.forEach(settle)
    else onNews?.(message.news)
  })
  worker.on('error', error => end(error instanceof Error ? error.message : String(error)))
  const exited = new Promise<void>(resolve => {
    worker.on('exit', () => {
      end('the worker is closed')
      resolve()
    })
  })

  return {
    ask: text =>
      new Promise((resolve, reject) => {
        if (ended !== undefined) return reject(new Error(ended))
        lastId += 1
        waiting.set(lastId, { resolve, reject })
        if (outgoing.length === 0) queueMicrotask(flush)
        outgoing.push({ id: lastId, text })
      }),
    waiting: () => waiting.size,
    close: async () => {
      flush()
      worker.postMessage('close' satisfies ToWorker)
      await exited
    },
  }
}
