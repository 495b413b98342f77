/** A worker that says back what it is asked, and dies when it is asked to. */
import { parentPort } from 'node:worker_threads'
import type { FromWorker, ToWorker } from '../../../gateway/kit/worker-link.ts'

parentPort?.on('message', (message: ToWorker) => {
  if (message === 'close') return parentPort?.close()
  for (const { id, text } of message) {
    if (text === 'die') throw new Error('as asked')
    parentPort?.postMessage({ answers: [{ id, text }] } satisfies FromWorker)
  }
})
