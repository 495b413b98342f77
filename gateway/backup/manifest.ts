/** What a backup says of itself: `manifest.json` in its directory. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Heads } from '../model/journal.ts'

export const manifestName = 'manifest.json'

const format = 1

/** Inside a data directory, and nowhere else. */
const FilePath = z.string().regex(/^(?:[A-Za-z0-9][\w.-]*\/)?[A-Za-z0-9][\w.-]*\.db$/)
const Head = z.object({ seq: z.int().min(0), hash: z.string() })

export const FileFacts = z.object({
  /** With `/`, below the data directory. */
  path: FilePath,
  bytes: z.int().min(0),
  /** Lower-case hexadecimal. */
  sha256: z.string(),
})
export type FileFacts = z.infer<typeof FileFacts>

const Manifest = z.object({
  format: z.literal(format),
  /** Of the program that made it. */
  version: z.string(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  telemetry: z.boolean(),
  files: z.array(FileFacts).min(1),
  /** Of the two chains of its journal. */
  heads: z.object({ events: Head, trail: Head }) satisfies z.ZodType<Heads>,
  /** Ids of the keys that may have sealed what is in it. Never a key. */
  keys: z.array(z.string()),
})
export type Manifest = z.infer<typeof Manifest>

export const newManifest = (facts: Omit<Manifest, 'format'>): Manifest => ({ format, ...facts })

/** Undefined: there is none that can be read, so this is no backup. */
export const readManifest = async (directory: string): Promise<Manifest | undefined> => {
  try {
    return Manifest.safeParse(JSON.parse(await readFile(join(directory, manifestName), 'utf8'))).data
  } catch {
    return undefined
  }
}

export const bytesOf = ({ files }: Pick<Manifest, 'files'>): number =>
  files.reduce((sum, { bytes }) => sum + bytes, 0)
