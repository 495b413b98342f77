/**
 * The thread that moves the write-ahead log into the file, so that no commit waits while it does. The writer moves only
 * what is left over, and only when the log has grown to its limit.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { openDatabase } from '../../kit/sqlite.ts'

const intervalMs = 200

const path: string = workerData
const port = parentPort
if (port === null) throw new Error('this file is the start of a worker thread')

const database = openDatabase(path, { durability: 'full' })
// Passive: waits for nobody, and leaves for the next time what somebody still reads.
const checkpoint = database.prepare('PRAGMA wal_checkpoint(PASSIVE)')

const timer = setInterval(() => {
  try {
    checkpoint.get()
  } catch {
    // The disk is full or broken: the log keeps what the file cannot take. The writer meets the same disk and reports it.
  }
}, intervalMs)

port.once('message', () => {
  clearInterval(timer)
  database.close()
  port.close()
})
