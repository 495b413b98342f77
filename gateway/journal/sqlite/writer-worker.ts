/**
 * The thread that writes. Everything that has arrived while one commit ran goes into the next: the busier it is, the
 * more appends share one fsync. It answers after the commit, all of a group in one message. The audit trail goes along a
 * few entries at a time, so that a call waits for no more than those.
 */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { openDatabase } from '../../kit/sqlite.ts'
import type { FromWorker, ToWorker } from '../../kit/worker-link.ts'
import { makeRoom } from './log-room.ts'
import { migrate, pageBytes } from './schema.ts'
import { createWriter, type WriteCommand } from './writer.ts'

/** More than this wait for the commit after, so that the first of a flood is not answered with its last. */
const maxGroup = 256
/** So many entries of the audit trail make a group of their own; a call that comes meanwhile waits for those. */
const maxTrailAlone = 16
/** And so many go along with calls. */
const maxTrailBesideCalls = 4
/** How soon it is noticed that a disk can be written again. */
const probeIntervalMs = 1_000
/** And how soon that a disk cannot be written any more, when nothing is appended. */
const idleProbeTicks = 30
/** The log may have this size before the writer itself moves it into the file: see checkpoint-worker.ts. */
const logLimitBytes = 64 * 1024 * 1024
const cacheKibibytes = 32 * 1024

const path: string = workerData
const port = parentPort
if (port === null) throw new Error('this file is the start of a worker thread')

makeRoom(`${path}-wal`)
const database = openDatabase(path, { durability: 'full', pageBytes })
migrate(database)
database.exec(`PRAGMA wal_autocheckpoint = ${logLimitBytes / pageBytes}`)
database.exec(`PRAGMA journal_size_limit = ${logLimitBytes}`)
database.exec(`PRAGMA cache_size = -${cacheKibibytes}`)
const writer = createWriter(database)
let told = writer.health()
let idleTicks = 0

const tell = (message: FromWorker) => port.postMessage(message)

const tellHealth = () => {
  const health = writer.health()
  if (health.writable === told.writable && health.detail === told.detail) return
  told = health
  tell({ news: JSON.stringify(health) })
}

type Asked = { readonly id: number; readonly command: WriteCommand }
const waiting: { first: Asked[]; trail: Asked[] } = { first: [], trail: [] }

const commit = (group: readonly Asked[]) => {
  idleTicks = 0
  const results = writer.apply(group.map(({ command }) => command))
  // Health goes first: whoever is refused can already see why.
  tellHealth()
  tell({ answers: group.map(({ id }, index) => ({ id, text: JSON.stringify(results[index]) })) })
}

const probe = setInterval(() => {
  idleTicks += 1
  if (writer.health().writable && idleTicks < idleProbeTicks) return
  idleTicks = 0
  writer.apply([{ probe: true }])
  tellHealth()
}, probeIntervalMs)

const close = () => {
  clearInterval(probe)
  database.close()
  port.close()
}

let closing = false

const take = (message: ToWorker) => {
  if (message === 'close') {
    closing = true
    return
  }
  for (const { id, text } of message) {
    const command: WriteCommand = JSON.parse(text)
    waiting['trail' in command ? 'trail' : 'first'].push({ id, command })
  }
}

port.on('message', (message: ToWorker) => {
  take(message)
  do {
    for (let next = receiveMessageOnPort(port); next; next = receiveMessageOnPort(port)) take(next.message)
    const calls = waiting.first.splice(0, maxGroup)
    const group = [
      ...calls,
      ...waiting.trail.splice(0, calls.length > 0 ? maxTrailBesideCalls : maxTrailAlone),
    ]
    if (group.length > 0) commit(group)
  } while (waiting.first.length + waiting.trail.length > 0)
  if (closing) close()
})
