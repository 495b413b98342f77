/** One opening of one serial device or server: what the line asks of either. */

export type WireHooks = {
  readonly onOpen: () => void
  readonly onBytes: (bytes: Uint8Array) => void
  /** Once, also when it could not be opened; nothing comes after it. */
  readonly onLost: (reason: string) => void
}

export interface Wire {
  /** `onWritten`: the system has taken the bytes, and further ones may follow. */
  write(bytes: Uint8Array, onWritten: () => void): void
  /** Lets go at once. No hook is called any more. */
  close(): void
}

/** Some errors of the system have a code and no text. */
export const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  return error.message || ('code' in error ? String(error.code) : error.name)
}
