/**
 * The journal on disk, in SQLite.
 *
 * Takes appends, kept messages, outcomes of deliveries and entries of the audit trail; gives them back, in order, to
 * whoever asks. It answers an append when it has been fsynced, and not before. Never does: decide, interpret an event, or touch the disk on the
 * caller's thread. One thread writes; two read, so that a look-up never waits for a list or a check.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { startWorker, type WorkerLink } from '../../kit/worker-link.ts'
import type { AppendRequest, Entry, Journal, KeepResult } from '../../model/journal.ts'
import { createHealth } from '../health.ts'
import { createDiskTrail } from './disk-trail.ts'
import type { Reads } from './reader-worker.ts'
import type { Appended, NotAppended } from './rows.ts'
import { journalFileName } from './schema.ts'
import { type Bug, headAfter, type WriteCommand, type WriteResult } from './writer.ts'

type Options = {
  /** Made if it is not there. Holds `journal.db` and SQLite's files beside it. */
  readonly directory: string
  /** Hears of every change of health. */
  readonly log?: Pick<Logger, 'info' | 'error'>
  /** The thread that writes is gone for good, though nobody closed the journal: only a new process helps. */
  readonly onDead?: (reason: string) => void
}

/** So many writes may wait for their commit. One more is answered `unavailable`: its device keeps it and tries again. */
const maxWaitingWrites = 10_000
/** So many questions may wait for their answer. One more is refused by an error. */
const maxWaitingReads = 10_000

const unavailable = (detail: string) => ({ ok: false, why: 'unavailable', detail }) as const

const entriesOf = (request: AppendRequest, { firstSeq, hashes }: Appended): readonly Entry[] => {
  const { alarm, expectedVersion, recordedAt, actor, events } = request
  return hashes.flatMap((hash, index) => {
    const event = events[index]
    if (event === undefined) return []
    const version = expectedVersion + 1 + index
    return [{ seq: firstSeq + index, alarm: alarm.id, version, recordedAt, actor, event, hash }]
  })
}

const ask = async <Name extends keyof Reads>(
  link: WorkerLink,
  name: Name,
  ...values: Parameters<Reads[Name]>
): Promise<Awaited<ReturnType<Reads[Name]>>> => {
  if (link.waiting() >= maxWaitingReads) throw new Error('too many questions wait for the journal')
  return JSON.parse(await link.ask(JSON.stringify([name, ...values]))) ?? undefined
}

const start = (script: string, path: string) =>
  startWorker({ script: new URL(script, import.meta.url), path })

/** Rejects when the file cannot be opened. What can be opened but not written opens, and its health says so. */
export const openSqliteJournal = async ({ directory, log, onDead }: Options): Promise<Journal> => {
  await mkdir(directory, { recursive: true })
  const path = join(directory, journalFileName)
  const { set, health, onHealth } = createHealth()
  let ended: string | undefined
  let closing = false

  const writer = startWorker({
    script: new URL('./writer-worker.ts', import.meta.url),
    path,
    onNews: news => set(JSON.parse(news)),
    onEnd: reason => {
      ended = reason
      set({ writable: false, detail: reason })
      if (!closing) onDead?.(reason)
    },
  })
  const write = async (command: WriteCommand): Promise<string> => {
    if (ended !== undefined) return JSON.stringify(unavailable(ended))
    if (writer.waiting() >= maxWaitingWrites) return JSON.stringify(unavailable('too many writes wait'))
    return writer.ask(JSON.stringify(command))
  }
  onHealth(({ writable, detail }) => {
    if (writable) log?.info({}, 'the journal can be written again')
    else if (!closing) log?.error({ detail }, 'the journal cannot be written')
  })

  // The first write proves the disk, and that the tables are there for the readers.
  await write({ probe: true })
  const lookups = start('./reader-worker.ts', path)
  const scans = start('./reader-worker.ts', path)
  const checkpoints = start('./checkpoint-worker.ts', path)
  // The writer last: it moves the log into the file when nobody else has the file open.
  const close = async () => {
    closing = true
    await Promise.all([lookups.close(), scans.close(), checkpoints.close()])
    await writer.close()
  }
  const orClose = async (error: unknown) => {
    await close()
    throw error
  }
  let head = await ask(lookups, 'head').catch(orClose)
  const trail = createDiskTrail({
    write,
    search: query => ask(scans, 'searchTrail', query),
    head: await ask(lookups, 'trailHead').catch(orClose),
  })

  return {
    append: async request => {
      const result: Appended | NotAppended | Bug = JSON.parse(await write({ append: request }))
      if (result.ok) {
        head = headAfter(head, result)
        return { ok: true, entries: entriesOf(request, result) }
      }
      if (result.why === 'bug') throw new Error(result.detail)
      return result
    },
    keep: async entry => {
      const result: KeepResult | Bug = JSON.parse(await write({ keep: entry }))
      if (!result.ok && result.why === 'bug') throw new Error(result.detail)
      return result
    },
    settle: async updates => {
      const result: WriteResult = JSON.parse(await write({ settle: updates }))
      if (!result.ok && result.why === 'bug') throw new Error(result.detail)
      return result.ok
    },

    load: alarm => ask(lookups, 'load', alarm),
    findOpen: subject => ask(lookups, 'findOpen', subject),
    unfinished: () => ask(lookups, 'unfinished'),
    list: query => ask(scans, 'list', query),
    timeline: alarm => ask(lookups, 'timeline', alarm),
    entriesOf: alarms => ask(scans, 'entriesOf', alarms),
    entriesAfter: (seq, limit) => ask(lookups, 'entriesAfter', seq, limit),
    deliveriesOf: alarm => ask(lookups, 'deliveriesOf', alarm),
    pendingDeliveries: () => ask(lookups, 'pendingDeliveries'),
    inboxOf: (device, limit) => ask(lookups, 'inboxOf', device, limit),
    inboxCounts: (device, from, everyMs) => ask(lookups, 'inboxCounts', device, from, everyMs),
    audit: async dueBefore => ({
      withoutDeadline: await ask(lookups, 'withoutDeadline'),
      overdue: new Map(await ask(lookups, 'overdue', dueBefore)),
    }),
    head: () => head,
    trail,
    verify: () => ask(scans, 'verify'),
    health,
    onHealth,
    close,
  }
}
