/**
 * The hash chain of the journal. The hash of an entry is the lower-case hexadecimal SHA-256 of this UTF-8 text, where
 * everything is as it stands in its column and `JSON.stringify` adds no space:
 *
 *   JSON.stringify([hash before, seq, alarm, version, recordedAt, actor as text, type, data as text])
 *
 * The first entry follows `genesis`. `actor` and `data` are hashed as stored text, so that checking a journal never
 * depends on how a later version would print them again. The audit trail has a chain of its own: see trail-chain.ts.
 */
import { hash } from 'node:crypto'
import type { AlarmEvent } from '../model/alarm.ts'
import type { Head } from '../model/journal.ts'

/** An entry as it stands in its row. */
export type Link = {
  readonly seq: number
  readonly alarm: string
  readonly version: number
  readonly recordedAt: number
  /** JSON of the actor. */
  readonly actor: string
  readonly type: string
  /** JSON of the event without its type. */
  readonly data: string
}

/** An entry of any chain, with its hash. */
export type Sealed<L> = L & { readonly hash: string }

/** Where a chain starts. */
export const genesis: Head = { seq: 0, hash: '0'.repeat(64) }

export const dataOf = ({ type: _, ...data }: AlarmEvent): string => JSON.stringify(data)

export const sealLink = (previousHash: string, link: Link): string =>
  hash(
    'sha256',
    JSON.stringify([
      previousHash,
      link.seq,
      link.alarm,
      link.version,
      link.recordedAt,
      link.actor,
      link.type,
      link.data,
    ]),
  )

/** Why `link` cannot be what was committed right after `head`, in the chain that `seal` makes; undefined when it can. */
export const faultOf = <L extends { readonly seq: number }>(
  head: Head,
  link: Sealed<L>,
  seal: (previousHash: string, link: L) => string,
): string | undefined => {
  if (link.seq !== head.seq + 1) return `entry ${head.seq + 1} is missing`
  if (link.hash !== seal(head.hash, link)) return `the hash of entry ${link.seq} does not fit`
  return undefined
}
