/** Puts an entry of the audit trail into its row, inside a transaction that somebody else owns. */
import type { Database } from '../../kit/sqlite.ts'
import type { Head } from '../../model/journal.ts'
import type { TrailEntry } from '../../model/trail.ts'
import { sealTrailLink, trailLinkOf } from '../trail-chain.ts'
import { numberIn, textIn } from './columns.ts'

/** Behind the head that is kept apart. Answers the new one. */
export type AddToTrail = (entry: TrailEntry) => Head

export const createTrailWriter = (database: Database): AddToTrail => {
  const readHead = database.prepare('SELECT trail_seq, trail_hash FROM meta')
  const setHead = database.prepare('UPDATE meta SET trail_seq = ?, trail_hash = ?')
  const insert = database.prepare(
    `INSERT INTO trail (seq, at, actor, address, action, subject, reason, outcome, facts, areas, hash)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )

  return entry => {
    const row = readHead.get()
    if (row === undefined) throw new Error('the journal has lost its head')
    const link = trailLinkOf(numberIn(row, 'trail_seq') + 1, entry)
    const hash = sealTrailLink(textIn(row, 'trail_hash'), link)
    const { seq, at, actor, address, action, subject, reason, outcome, facts, areas } = link
    insert.run(seq, at, actor, address, action, subject, reason, outcome, facts, areas, hash)
    setHead.run(seq, hash)
    return { seq, hash }
  }
}
