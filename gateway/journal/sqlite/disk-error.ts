/** Tells a disk that cannot be written from a command that cannot be right. */

/** SQLite primary result codes (https://www.sqlite.org/rescode.html) that a wrong statement or value brings about. */
const faultsOfTheCommand = new Set([
  1, // ERROR
  18, // TOOBIG
  19, // CONSTRAINT
  20, // MISMATCH
  21, // MISUSE
  25, // RANGE
])

/** True for a full, read-only, locked or broken disk, and for any code of SQLite that is not known to be harmless. */
export const isDiskError = (error: unknown): error is Error & { errcode: number } =>
  error instanceof Error &&
  'errcode' in error &&
  typeof error.errcode === 'number' &&
  !faultsOfTheCommand.has(error.errcode & 0xff)
