/**
 * Takes: what people do about the watch at the consoles, and whether anybody was found there.
 * Gives: who is on duty, what is offered to whom, and all that happened, with who and when.
 * Never: forgets or changes a happening; lets a shift be taken by whom it was not offered to; knows an alarm.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { inTransaction } from '../kit/in-transaction.ts'
import { type Database, openDatabase } from '../kit/sqlite.ts'
import type { Clock } from '../model/clock.ts'
import { UserId } from '../model/ids.ts'
import type { By } from '../model/provisioning.ts'
import { type Happening, Shift, type ShiftBook, ShiftEvent } from '../model/shift.ts'
import { decideShift } from './decide.ts'
import { evolveShift, newShift } from './evolve.ts'
import { createTables } from './schema.ts'

export type ShiftOptions = {
  /** Where `shift.db` lies, or `:memory:`. */
  readonly directory: string
  readonly clock: Clock
}

/** Happenings looked at for one list. Beyond: it is shorter. */
const maxLookedAt = 1_000

const Row = z
  .object({ at: z.number(), byId: UserId.nullable(), byName: z.string().nullable(), data: z.string() })
  .transform(
    ({ at, byId, byName, data }): Happening => ({
      at,
      by: byId === null ? null : { id: byId, name: byName ?? '' },
      event: ShiftEvent.parse(JSON.parse(data)),
    }),
  )

const fileIn = (directory: string): string => {
  if (directory === ':memory:') return directory
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  return join(directory, 'shift.db')
}

const storedIn = (database: Database): Shift => {
  const row = database.prepare('SELECT data FROM shift').get()
  return row ? Shift.parse(JSON.parse(z.object({ data: z.string() }).parse(row).data)) : newShift
}

/** Throws when the file cannot be opened or is of a later version. */
export const openShift = ({ directory, clock }: ShiftOptions): ShiftBook & { close(): void } => {
  const database = openDatabase(fileIn(directory), { durability: 'full' })
  createTables(database)
  const insert = database.prepare('INSERT INTO happening (at, byId, byName, data) VALUES (?, ?, ?, ?)')
  const upsert = database.prepare(
    'INSERT INTO shift (one, data) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET data = excluded.data',
  )
  const newest = database.prepare(`SELECT * FROM happening ORDER BY seq DESC LIMIT ${maxLookedAt}`)
  let shift = storedIn(database)

  /** On disk first: what cannot be written is not so. */
  const happened = (event: ShiftEvent, by: By | null): void => {
    const at = clock.now()
    const after = evolveShift(shift, { event, by, at })
    inTransaction(database, () => {
      insert.run(at, by?.id ?? null, by?.name ?? null, JSON.stringify(event))
      upsert.run(JSON.stringify(after))
    })
    shift = after
  }

  return {
    now: () => shift,
    latest(limit, wanted) {
      const found: Happening[] = []
      for (const row of newest.iterate()) {
        if (found.length === limit) break
        const happening = Row.parse(row)
        if (wanted(happening)) found.push(happening)
      }
      return found
    },
    act(command, by) {
      const event = decideShift(shift, command, by)
      if (event === undefined) return undefined
      if ('refused' in event) return event
      happened(event, by)
      return undefined
    },
    found(unattended) {
      happened(
        unattended === undefined ? { type: 'attended' } : { type: 'unattended', why: unattended },
        null,
      )
    },
    strikeOff: user => happened({ type: 'struck-off', from: user }, null),
    close: () => database.close(),
  }
}
