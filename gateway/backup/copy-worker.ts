/**
 * The thread that copies: one database after the other, a step at a time, each step on disk before the next, so that no
 * commit of a call ever waits for more than one of them. Ends its work, with what it has so far left behind, when it is
 * told to, or before the disk is full.
 */
import { closeSync, existsSync, fdatasyncSync, mkdirSync, openSync, statfsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { copyDatabase } from '../kit/sqlite.ts'
import type { Answer, FromWorker, ToWorker } from '../kit/worker-link.ts'
import { type Copied, CopyJob, type CopyProgress } from './copying.ts'
import { fingerprintOf } from './fingerprint.ts'
import { createPace } from './pace.ts'
import { sizeOf, sourcesIn } from './sources.ts'

/** Calls need room on the disk too, and it may be the same one: with less than this left a backup is given up. */
const leastFreeBytes = 64 * 1024 * 1024

const port = parentPort
if (port === null) throw new Error('this file is the start of a worker thread')
const { dataDir, target, telemetry } = CopyJob.parse(JSON.parse(String(workerData)))
const pace = createPace()
let closing = false

const assertMayGoOn = (): void => {
  if (closing) throw new Error('it was given up')
  const { bavail, bsize } = statfsSync(target)
  if (bavail * bsize < leastFreeBytes) throw new Error(`the disk has less than ${leastFreeBytes} bytes left`)
}

const syncBytes = (path: string): void => {
  const file = openSync(path, 'r+')
  try {
    fdatasyncSync(file)
  } finally {
    closeSync(file)
  }
}

const copyAll = async (): Promise<Copied> => {
  const paths = sourcesIn(dataDir, telemetry)
  const totalBytes = paths.reduce((sum, path) => sum + sizeOf(dataDir, path), 0)
  const files: Copied = []
  let before = 0
  for (const path of paths) {
    const to = join(target, path)
    mkdirSync(dirname(to), { recursive: true })
    // A day of measurements that has made room for newer ones meanwhile.
    if (!existsSync(join(dataDir, path))) continue
    await copyDatabase(join(dataDir, path), to, copied => {
      assertMayGoOn()
      syncBytes(to)
      const news: CopyProgress = { bytes: before + copied, totalBytes }
      port.postMessage({ news: JSON.stringify(news) } satisfies FromWorker)
      pace()
    })
    syncBytes(to)
    files.push({
      path,
      ...fingerprintOf(to, () => {
        assertMayGoOn()
        pace()
      }),
    })
    before += files.at(-1)?.bytes ?? 0
  }
  return files
}

const answerTo = async (id: number): Promise<Answer> => {
  try {
    return { id, text: JSON.stringify(await copyAll()) }
  } catch (error) {
    return { id, text: error instanceof Error ? error.message : String(error), failed: true }
  }
}

let working = Promise.resolve()
port.on('message', (message: ToWorker) => {
  if (message === 'close') {
    closing = true
    void working.then(() => port.close())
    return
  }
  for (const { id } of message)
    working = answerTo(id).then(answer => port.postMessage({ answers: [answer] } satisfies FromWorker))
})
