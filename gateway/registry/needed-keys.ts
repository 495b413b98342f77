/** Which keys the registry's file needs, before there is a vault to open it with. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { openDatabase } from '../kit/sqlite.ts'

/** Ids of keys. None where there is no file yet, or one of a version that sealed nothing. */
export const keysOfRegistry = (directory: string): readonly string[] => {
  const path = join(directory, 'registry.db')
  if (!existsSync(path)) return []
  const database = openDatabase(path, { readOnly: true, durability: 'full' })
  try {
    const sealed = database.prepare(`SELECT 1 FROM pragma_table_info('record') WHERE name = 'personal'`).get()
    if (!sealed) return []
    return database
      .prepare(
        'SELECT DISTINCT CAST(substr(personal, 2, 8) AS TEXT) AS key FROM record WHERE personal IS NOT NULL',
      )
      .all()
      .map(row => String(row['key']))
  } finally {
    database.close()
  }
}
