/** Time as a port: tests run on virtual time. */
import type { Instant } from './ids.ts'

export interface Clock {
  now(): Instant
  /** Runs `action` once after `delayMs`. Returns the way to stop it. */
  after(delayMs: number, action: () => void): () => void
}
