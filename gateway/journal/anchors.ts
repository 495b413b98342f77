/**
 * Checks a journal against its anchors: heads of its chains that were written down elsewhere while it grew. Whoever
 * rewrites a whole chain, or cuts off its end, can make it sound again; but not as it was anchored.
 */
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { type Database, openDatabase } from '../kit/sqlite.ts'
import type { ChainName, Head } from '../model/journal.ts'
import { genesis } from './chain.ts'
import { assertCurrent, journalFileName } from './sqlite/schema.ts'

const AnchoredHead = z.object({ seq: z.int().min(0), hash: z.string() })
/** One line of a file of anchors, as JSON. */
const Anchor = z.object({ at: z.string(), events: AnchoredHead, trail: AnchoredHead })
type Anchor = z.infer<typeof Anchor>

export type AnchorVerification =
  /** `unreadable`: lines that are no anchor, such as one that a full disk cut short. */
  | { readonly ok: true; readonly anchors: number; readonly unreadable: number }
  /** The first anchor that does not hold. */
  | {
      readonly ok: false
      readonly line: number
      readonly at: string
      readonly chain: ChainName
      readonly seq: number
      readonly detail: 'cut off' | 'rewritten'
    }

const chains: readonly ChainName[] = ['events', 'trail']

const anchorIn = (line: string): Anchor | undefined => {
  try {
    return Anchor.safeParse(JSON.parse(line)).data
  } catch {
    return undefined
  }
}

const createFinder = (database: Database) => {
  const statements = {
    events: database.prepare('SELECT hash FROM events WHERE seq = ?'),
    trail: database.prepare('SELECT hash FROM trail WHERE seq = ?'),
  }
  return (chain: ChainName, { seq, hash }: Head): 'cut off' | 'rewritten' | undefined => {
    const found = seq === genesis.seq ? genesis.hash : statements[chain].get(seq)?.['hash']
    if (found === undefined) return 'cut off'
    return found === hash ? undefined : 'rewritten'
  }
}

/**
 * @param directory holds the journal
 * @param file one anchor a line, oldest first. Rejects when either cannot be read.
 */
export const verifyAnchors = async (directory: string, file: string): Promise<AnchorVerification> => {
  const database = openDatabase(join(directory, journalFileName), { readOnly: true, durability: 'full' })
  try {
    assertCurrent(database)
    const faultOf = createFinder(database)
    let line = 0
    let anchors = 0
    for await (const text of createInterface({ input: createReadStream(file) })) {
      line += 1
      const anchor = anchorIn(text)
      if (!anchor) continue
      anchors += 1
      for (const chain of chains) {
        const detail = faultOf(chain, anchor[chain])
        if (detail) return { ok: false, line, at: anchor.at, chain, seq: anchor[chain].seq, detail }
      }
    }
    return { ok: true, anchors, unreadable: line - anchors }
  } finally {
    database.close()
  }
}
