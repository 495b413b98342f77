/** Who runs beds. */
import { z } from 'zod'
import type { Database } from '../kit/sqlite.ts'
import type { Clock } from '../model/clock.ts'
import { Institution, type Institutions } from '../model/installation.ts'
import type { By } from '../model/provisioning.ts'
import type { Steps } from './steps.ts'

const Row = z.object({ data: z.string() })

export const createInstitutions = (database: Database, steps: Steps, clock: Clock): Institutions => {
  const institutions = new Map<string, Institution>()
  const upsert = database.prepare(
    'INSERT INTO institution (id, data) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET data = excluded.data',
  )
  for (const row of database.prepare('SELECT data FROM institution').iterate()) {
    const institution = Institution.parse(JSON.parse(Row.parse(row).data))
    institutions.set(institution.id, institution)
  }

  const record = (after: Institution, by: By): Institution => {
    const step = { event: after, by, at: clock.now() }
    steps.add(`institutions/${after.id}`, step, () => upsert.run(after.id, JSON.stringify(after)))
    institutions.set(after.id, after)
    return after
  }

  return {
    get: id => institutions.get(id),
    all: () => institutions.values(),
    create: (institution, by) =>
      institutions.has(institution.id)
        ? { refused: 'duplicate-id', detail: `there is an institution ${institution.id}` }
        : record(institution, by),
    patch(id, patch, by) {
      const before = institutions.get(id)
      return before
        ? record({ ...before, ...patch }, by)
        : { refused: 'not-found', detail: `there is no institution ${id}` }
    },
  }
}
