/** Changes of thresholds on disk. */
import { z } from 'zod'
import type { Database } from '../kit/sqlite.ts'
import { presetLevels, type ThresholdChange, type ThresholdScope } from '../model/care.ts'
import { ResidentId } from '../model/ids.ts'
import { isThresholdName } from '../model/thresholds.ts'

const Row = z
  .object({
    name: z.string(),
    before: z.number().nullable(),
    after: z.number().nullable(),
    byId: z.string(),
    byName: z.string(),
    at: z.number(),
    why: z.string(),
  })
  .transform(({ name, before, after, byId, byName, at, why }) => ({
    name,
    before,
    after,
    by: { id: byId, name: byName },
    at,
    why,
  }))

const textOf = (scope: ThresholdScope): string =>
  'preset' in scope ? `preset/${scope.preset}` : `resident/${scope.resident}`

const ScopeText = z
  .string()
  .transform(text => {
    const [kind = '', id] = text.split('/')
    return { [kind]: kind === 'preset' ? Number(id) : id }
  })
  .pipe(
    z.union([z.strictObject({ preset: z.literal(presetLevels) }), z.strictObject({ resident: ResidentId })]),
  )
const Figure = z.object({ scope: ScopeText, name: z.string(), after: z.number() })

export interface ThresholdTable {
  /** What is set now. Names and figures are as they were written, perhaps by another version. */
  figures(): Iterable<z.infer<typeof Figure>>
  /** All of them or none, on disk when it returns. Throws if the disk refuses. */
  add(scope: ThresholdScope, changes: readonly ThresholdChange[]): void
  /** Newest first. */
  history(scope: ThresholdScope, limit: number): readonly ThresholdChange[]
}

export const createThresholdTable = (database: Database): ThresholdTable => {
  const latest = database.prepare(`
    SELECT scope, name, after FROM
      (SELECT scope, name, after, max(seq) FROM threshold GROUP BY scope, name) WHERE after IS NOT NULL
  `)
  // One statement, and so one transaction.
  const insert = database.prepare(`
    INSERT INTO threshold (scope, name, before, after, byId, byName, at, why)
    SELECT ?, value ->> 'name', value ->> 'before', value ->> 'after', value ->> '$.by.id',
      value ->> '$.by.name', value ->> 'at', value ->> 'why' FROM json_each(?)
  `)
  const select = database.prepare('SELECT * FROM threshold WHERE scope = ? ORDER BY seq DESC LIMIT ?')

  return {
    *figures() {
      for (const row of latest.iterate()) yield Figure.parse(row)
    },
    add(scope, changes) {
      insert.run(textOf(scope), JSON.stringify(changes))
    },
    history: (scope, limit) =>
      select.all(textOf(scope), limit).flatMap(row => {
        const { name, ...change } = Row.parse(row)
        return isThresholdName(name) ? [{ name, ...change }] : []
      }),
  }
}
