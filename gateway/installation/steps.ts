/** What happened, on disk: one row a step, in one transaction with whatever else changes by it. */
import { z } from 'zod'
import { inTransaction } from '../kit/in-transaction.ts'
import type { Database } from '../kit/sqlite.ts'
import { type Instant, UserId } from '../model/ids.ts'
import type { Step } from '../model/installation.ts'
import type { By } from '../model/provisioning.ts'

export interface Steps {
  /** The next step of this subject, and `write` with it: both or neither. Throws if the disk refuses. */
  add(subject: string, step: { event: object; by: By; at: Instant }, write: () => void): void
  /** In order. */
  of<Event>(subject: string, schema: z.ZodType<Event>): readonly Step<Event>[]
}

const Row = z.object({
  version: z.number(),
  at: z.number(),
  byId: UserId,
  byName: z.string(),
  data: z.string(),
})

export const createSteps = (database: Database): Steps => {
  const insert = database.prepare(`
    INSERT INTO step (subject, version, at, byId, byName, data)
    SELECT ?1, coalesce(max(version), 0) + 1, ?2, ?3, ?4, ?5 FROM step WHERE subject = ?1
  `)
  const select = database.prepare('SELECT * FROM step WHERE subject = ? ORDER BY version')

  return {
    add(subject, { event, by, at }, write) {
      inTransaction(database, () => {
        insert.run(subject, at, by.id, by.name, JSON.stringify(event))
        write()
      })
    },
    of: (subject, schema) =>
      select.all(subject).map(row => {
        const { version, at, byId, byName, data } = Row.parse(row)
        return { version, at, by: { id: byId, name: byName }, event: schema.parse(JSON.parse(data)) }
      }),
  }
}
