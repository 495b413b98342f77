/** Which keys a file's rows are sealed with, before there is a vault to open it with. */
import { existsSync } from 'node:fs'
import { openDatabase } from './sqlite.ts'

/**
 * Ids of keys: what `expression` finds in the rows that have something in `column`. None where there is no file yet, or
 * one of a version that sealed nothing.
 */
export const sealedKeys = (
  path: string,
  { table, column, expression }: { table: string; column: string; expression: string },
): readonly string[] => {
  if (!existsSync(path)) return []
  const database = openDatabase(path, { readOnly: true, durability: 'full' })
  try {
    const exists = database.prepare('SELECT 1 FROM pragma_table_info(?) WHERE name = ?').get(table, column)
    if (!exists) return []
    return database
      .prepare(`SELECT DISTINCT ${expression} AS key FROM ${table} WHERE ${column} IS NOT NULL`)
      .all()
      .map(row => String(row['key']))
  } finally {
    database.close()
  }
}
