/** Small states by name, in a file beside the day files, for the one thread that writes it. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Database, openDatabase } from '../kit/sqlite.ts'
import { isUnsound, setAside } from '../kit/unsound.ts'

/** Pairs, because a map does not survive JSON. */
export type Entries<Text> = readonly (readonly [name: string, text: Text])[]

export type StateFile = {
  /** Throws on a file that is not sound, and sets it aside: the next save makes another. */
  readonly load: () => Entries<string>
  /** One transaction, fsynced. Throws when the disk refuses; nothing has changed then. */
  readonly save: (changes: Entries<string | null>) => void
  readonly close: () => void
}

const pageBytes = 1_024

export const stateFilePath = (directory: string): string => join(directory, 'states.db')

const openStates = (directory: string): Database => {
  mkdirSync(directory, { recursive: true })
  const database = openDatabase(stateFilePath(directory), { durability: 'full', pageBytes })
  try {
    database.exec(
      'CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID',
    )
  } catch (error) {
    database.close()
    throw error
  }
  return database
}

export const createStateFile = (directory: string): StateFile => {
  let opened: Database | undefined
  const open = () => {
    opened ??= openStates(directory)
    return opened
  }

  const apply = (database: Database, changes: Entries<string | null>): void => {
    const put = database.prepare(
      'INSERT INTO state (name, text) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET text = excluded.text',
    )
    const remove = database.prepare('DELETE FROM state WHERE name = ?')
    for (const [name, text] of changes) {
      if (text === null) remove.run(name)
      else put.run(name, text)
    }
  }

  return {
    load: () => {
      try {
        const rows = open().prepare('SELECT name, text FROM state').all()
        return rows.map(({ name, text }) => [String(name), String(text)])
      } catch (error) {
        if (isUnsound(error)) {
          opened?.close()
          opened = undefined
          setAside(stateFilePath(directory))
        }
        throw error
      }
    },
    save: changes => {
      const database = open()
      database.exec('BEGIN IMMEDIATE')
      try {
        apply(database, changes)
        database.exec('COMMIT')
      } catch (error) {
        if (database.isTransaction) database.exec('ROLLBACK')
        throw error
      }
    },
    close: () => opened?.close(),
  }
}
