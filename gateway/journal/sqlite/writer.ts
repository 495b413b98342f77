/**
 * All writing of the journal, synchronous, on one open database: a group of commands is one transaction and one fsync.
 * Runs in its own thread (writer-worker.ts), or directly where files are made.
 */
import type { Database } from '../../kit/sqlite.ts'
import type { DeliveryUpdate } from '../../model/delivery.ts'
import type { AppendRequest, Head, InboxEntry, JournalHealth, KeepResult } from '../../model/journal.ts'
import type { TrailEntry } from '../../model/trail.ts'
import { isDiskError } from './disk-error.ts'
import { type Appended, createRowWriter, type NotAppended } from './rows.ts'
import { createTrailWriter } from './trail-rows.ts'

export type WriteCommand =
  | { readonly append: AppendRequest }
  | { readonly keep: InboxEntry }
  | { readonly settle: readonly DeliveryUpdate[] }
  | { readonly trail: TrailEntry }
  /** Writes nothing that was asked for: finds out whether the disk takes a commit. */
  | { readonly probe: true }

/** The command contradicts itself or the journal: a defect. It alone has failed. */
export type Bug = { readonly ok: false; readonly why: 'bug'; readonly detail: string }
export type Recorded = { readonly ok: true; readonly head: Head }
export type WriteResult = Appended | NotAppended | KeepResult | Recorded | { readonly ok: true } | Bug

export type Writer = {
  /** One result for each command, in their order, once all that could be committed is on disk. */
  readonly apply: (commands: readonly WriteCommand[]) => readonly WriteResult[]
  /** As the latest transaction left it. */
  readonly health: () => JournalHealth
}

export const headAfter = (head: Head, { firstSeq, hashes }: Appended): Head => {
  const hash = hashes.at(-1)
  return hash === undefined ? head : { seq: firstSeq + hashes.length - 1, hash }
}

export const createWriter = (database: Database): Writer => {
  const rows = createRowWriter(database)
  const addToTrail = createTrailWriter(database)
  let health: JournalHealth = { writable: true }
  let synchronous = 'FULL'

  /** Outcomes of deliveries wait for the fsync of the next append: to lose them before it only repeats a delivery. */
  const chooseSynchronous = (commands: readonly WriteCommand[]) => {
    const wanted = commands.every(command => 'settle' in command) ? 'NORMAL' : 'FULL'
    if (wanted !== synchronous) database.exec(`PRAGMA synchronous = ${wanted}`)
    synchronous = wanted
  }

  const applyAll = (commands: readonly WriteCommand[]): readonly WriteResult[] => {
    // Read anew each time: what failed must leave nothing behind in memory either, and there may be other writers.
    const before = rows.head()
    let head = before
    const results = commands.map(command => {
      if ('append' in command) {
        const result = rows.append(command.append, head)
        if (result.ok) head = headAfter(head, result)
        return result
      }
      if ('keep' in command) return rows.keep(command.keep)
      if ('trail' in command) return { ok: true, head: addToTrail(command.trail) } as const
      if ('settle' in command) rows.settle(command.settle)
      else rows.probe()
      return { ok: true } as const
    })
    if (head !== before) rows.setHead(head)
    return results
  }

  const commit = (commands: readonly WriteCommand[]): readonly WriteResult[] => {
    chooseSynchronous(commands)
    database.exec('BEGIN IMMEDIATE')
    try {
      const results = applyAll(commands)
      database.exec('COMMIT')
      return results
    } catch (error) {
      // SQLite has already rolled back after some errors, and has not after others.
      if (database.isTransaction) database.exec('ROLLBACK')
      throw error
    }
  }

  const apply = (commands: readonly WriteCommand[]): readonly WriteResult[] => {
    try {
      const before = rows.changes()
      const results = commit(commands)
      // A commit that had nothing to write proves nothing.
      if (rows.changes() > before) health = { writable: true }
      return results
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error)
      if (isDiskError(error)) {
        health = { writable: false, detail }
        return commands.map(() => ({ ok: false, why: 'unavailable', detail }))
      }
      // A defect in one command must not fail the others of its group: each gets a transaction of its own.
      if (commands.length > 1) return commands.flatMap(command => apply([command]))
      return [{ ok: false, why: 'bug', detail }]
    }
  }

  return { apply, health: () => health }
}
