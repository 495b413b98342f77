/** Who is away, until when, and who said so. */
import { z } from 'zod'
import type { Database } from '../kit/sqlite.ts'
import { type Absence, type AbsenceChange, absenceReasons, type By, type Care } from '../model/care.ts'
import type { Clock } from '../model/clock.ts'
import { HomeId } from '../model/ids.ts'

type Absences = Pick<Care, 'absence' | 'setAbsence' | 'endAbsence' | 'absenceHistory'>

const dayMs = 86_400_000
/** Whoever is away for longer has moved: the home is not left unwatched by an absence that nobody remembers. */
const longestDays = 90

const Row = z
  .object({
    home: HomeId,
    reason: z.enum(absenceReasons).nullable(),
    startsAt: z.number().nullable(),
    until: z.number().nullable(),
    byId: z.string(),
    byName: z.string(),
    at: z.number(),
  })
  .transform(({ home, reason, startsAt, until, byId, byName, at }) => {
    const by: By = { id: byId, name: byName }
    const absence: Absence | null =
      reason === null || startsAt === null || until === null ? null : { reason, from: startsAt, until, by }
    return { home, change: { absence, by, at } }
  })

export const createAbsences = (database: Database, clock: Clock): Absences => {
  const insert = database.prepare(`
    INSERT INTO absence (home, reason, startsAt, until, byId, byName, at) VALUES (?, ?, ?, ?, ?, ?, ?)
  `)
  const latest = database.prepare('SELECT *, max(seq) FROM absence GROUP BY home')
  const history = database.prepare('SELECT * FROM absence WHERE home = ? ORDER BY seq DESC LIMIT ?')

  /** The latest of each home; one that is over stays until the next. */
  const absences = new Map<HomeId, Absence>()
  for (const row of latest.iterate()) {
    const { home, change } = Row.parse(row)
    if (change.absence) absences.set(home, change.absence)
  }

  /** On disk first: what cannot be written is not so. */
  const decide = (home: HomeId, { absence, by, at }: AbsenceChange): void => {
    insert.run(
      home,
      absence?.reason ?? null,
      absence?.from ?? null,
      absence?.until ?? null,
      by.id,
      by.name,
      at,
    )
    if (absence) absences.set(home, absence)
    else absences.delete(home)
  }

  const absenceAt: Absences['absence'] = (home, now) => {
    const absence = absences.get(home)
    return absence && absence.from <= now && now < absence.until ? absence : undefined
  }

  return {
    absence: absenceAt,
    setAbsence(home, absence) {
      const now = clock.now()
      const { from, until, by } = absence
      if (until <= now || until <= from || until - now > longestDays * dayMs)
        return { refused: 'invalid-absence' }
      decide(home, { absence, by, at: now })
      return absence
    },
    endAbsence(home, by) {
      const now = clock.now()
      if (!absenceAt(home, now)) return false
      decide(home, { absence: null, by, at: now })
      return true
    },
    absenceHistory: (home, limit) => history.all(home, limit).map(row => Row.parse(row).change),
  }
}
