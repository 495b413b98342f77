/** A thread that reads, beside the one that writes: however long an answer takes, no commit waits for it. */
import { setImmediate as breathe } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { openDatabase } from '../../kit/sqlite.ts'
import type { Answer, FromWorker, Question, ToWorker } from '../../kit/worker-link.ts'
import type { Verification } from '../../model/journal.ts'
import { checkJournal } from './check.ts'
import { createReader, type Reader } from './reader.ts'
import { createTrailReader, type TrailReader } from './trail-reader.ts'

/** What this thread can be asked, as JSON of the function's name followed by its arguments. */
export type Reads = Reader & TrailReader & { readonly verify: () => Promise<Verification> }

const path: string = workerData
const port = parentPort
if (port === null) throw new Error('this file is the start of a worker thread')

const database = openDatabase(path, { readOnly: true, durability: 'full' })

/** Other questions are answered between its batches. */
const verify = async (): Promise<Verification> => {
  const check = checkJournal(database)
  for (;;) {
    const step = check.next()
    if (step.done) return step.value
    await breathe()
  }
}

const reads: Reads = { ...createReader(database), ...createTrailReader(database), verify }

const answerTo = async ({ id, text }: Question): Promise<Answer> => {
  try {
    const [name, ...values]: [keyof Reads, ...never[]] = JSON.parse(text)
    const read: (...values: never[]) => unknown = reads[name]
    // JSON has no undefined: nothing found travels as null.
    return { id, text: JSON.stringify((await read(...values)) ?? null) }
  } catch (error) {
    return { id, text: error instanceof Error ? error.message : String(error), failed: true }
  }
}

port.on('message', (message: ToWorker) => {
  if (message === 'close') {
    database.close()
    port.close()
    return
  }
  for (const question of message)
    void answerTo(question).then(answer => port.postMessage({ answers: [answer] } satisfies FromWorker))
})
