/** What to do with a database that cannot be read, where the gateway can do without what was in it. */
import { existsSync, renameSync } from 'node:fs'
import { z } from 'zod'

/** SQLITE_CORRUPT and SQLITE_NOTADB; the upper bits say in what way. */
const unsound: ReadonlySet<number> = new Set([11, 26])

/** Its file is not sound, or a row of it is not what was written. Not: a disk that is full, or refuses. */
export const isUnsound = (error: unknown): boolean =>
  error instanceof SyntaxError ||
  error instanceof z.ZodError ||
  (error instanceof Error && 'errcode' in error && unsound.has(Number(error.errcode) & 0xff))

/** With SQLite's files beside it; whoever wants to look at it finds it there. */
export const setAside = (path: string): void => {
  for (const suffix of ['', '-wal', '-shm'])
    if (existsSync(path + suffix)) renameSync(path + suffix, `${path}.unsound${suffix}`)
}

/**
 * Opens it anew, empty, where it is not sound: better without it than without calls. Throws what else keeps it from being
 * opened.
 * @param open must leave nothing running when it throws or rejects
 */
export const openOrSetAside = async <T>(
  path: string,
  open: () => T | Promise<T>,
  log: { error(facts: object, message: string): void },
): Promise<T> => {
  try {
    return await open()
  } catch (err) {
    if (!isUnsound(err)) throw err
    setAside(path)
    log.error({ err, path }, 'THIS FILE IS NOT SOUND: it is set aside, and what was in it is missing')
    return open()
  }
}
