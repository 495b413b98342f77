/** The port to backups: the data directory copied as it is at one moment, while calls go on. */
import { z } from 'zod'
import type { Refusal } from './errors.ts'
import type { Instant } from './ids.ts'

/** Also the name of its directory. */
export const BackupId = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/,
    'letters, digits, "_" and "-", at most 64, not starting with a sign',
  )
  .brand<'BackupId'>()
export type BackupId = z.infer<typeof BackupId>

export const backupStates = ['running', 'done', 'failed'] as const

export type Backup = {
  readonly id: BackupId
  readonly state: (typeof backupStates)[number]
  readonly startedAt: Instant
  readonly finishedAt?: Instant
  /** Copied so far. */
  readonly bytes: number
  /** Of what is to be copied, as large as it was when it began. */
  readonly totalBytes: number
  /** Whether measurements are in it. */
  readonly telemetry: boolean
  /** Why it has failed. */
  readonly error?: string
}

export type NewBackup = { readonly id?: BackupId; readonly telemetry: boolean }

export interface Backups {
  /** Begins one; only one is made at a time. */
  start(wish: NewBackup): Promise<Backup | Refusal>
  /** Those that are there, that is being made, and those that have failed since the gateway started. Newest first. */
  list(): Promise<readonly Backup[]>
  /** Gives up the one that is being made. */
  close(): Promise<void>
}
