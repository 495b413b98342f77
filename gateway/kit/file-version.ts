/** The version of a file's tables, and how an older file becomes a current one. */
import type { Database } from './sqlite.ts'

/** 0: nobody has written into it yet. */
export const versionOf = (database: Database): number =>
  Number(database.prepare('PRAGMA user_version').get()?.['user_version'])

/** Throws on the file of a later version of the gateway than knows `latest`, which this one might misread. */
export const knownVersionOf = (database: Database, name: string, latest: number): number => {
  const version = versionOf(database)
  if (version > latest)
    throw new Error(`${name} was written by a later version of the gateway (schema ${version})`)
  return version
}

/** @param migrations entry n brings a file of version n to version n + 1; each whole or not at all */
export const migrate = (database: Database, name: string, migrations: readonly string[]): void => {
  const version = knownVersionOf(database, name, migrations.length)
  for (const [index, migration] of migrations.entries()) {
    if (index < version) continue
    database.exec(`BEGIN IMMEDIATE; ${migration}; PRAGMA user_version = ${index + 1}; COMMIT`)
  }
}
