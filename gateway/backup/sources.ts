/** Which files of a data directory are copied, and in which order. */
import { globSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Holds what the others are about, so it is copied first: what it refers to is then in the later copies as well. */
const journal = 'journal.db'

/** Days of measurements, and how far they were sent on. The states of detection, beside them, are always copied. */
const measurements = /^telemetry\/(?:\d{4}-\d\d-\d\d|cursor)\.db$/

/** Paths below `dataDir`, with `/`. */
export const sourcesIn = (dataDir: string, telemetry: boolean): readonly string[] => {
  const found = globSync('{*,telemetry/*}.db', { cwd: dataDir }).filter(
    path => telemetry || !measurements.test(path),
  )
  return [journal, ...found.filter(path => path !== journal).sort()]
}

/** With its log, of which a part may be in the file already. */
export const sizeOf = (dataDir: string, path: string): number =>
  [path, `${path}-wal`]
    .map(name => statSync(join(dataDir, name), { throwIfNoEntry: false })?.size ?? 0)
    .reduce((sum, bytes) => sum + bytes, 0)
