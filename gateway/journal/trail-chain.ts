/**
 * The hash chain of the audit trail. The hash of an entry is the lower-case hexadecimal SHA-256 of this UTF-8 text, where
 * everything is as it stands in its column, an absent column is null, and `JSON.stringify` adds no space:
 *
 *   JSON.stringify([hash before, seq, at, actor as text, address, action, subject, reason, outcome, facts as text,
 *                   areas as text])
 *
 * The first entry follows `genesis`.
 */
import { hash } from 'node:crypto'
import type { TrailEntry } from '../model/trail.ts'

/** An entry as it stands in its row. */
export type TrailLink = {
  readonly seq: number
  readonly at: number
  /** JSON of the actor. */
  readonly actor: string
  readonly address: string | null
  readonly action: string
  readonly subject: string | null
  readonly reason: string | null
  readonly outcome: string
  /** JSON. */
  readonly facts: string | null
  /** JSON. */
  readonly areas: string | null
}

const json = (value: object | undefined): string | null =>
  value === undefined ? null : JSON.stringify(value)

/** UTF-8 has no half characters: what a file could not give back as it was must not be hashed. */
const whole = (text: string | undefined): string | null => text?.toWellFormed() ?? null

export const trailLinkOf = (seq: number, entry: TrailEntry): TrailLink => ({
  seq,
  at: entry.at,
  actor: JSON.stringify(entry.actor),
  address: whole(entry.address),
  action: entry.action.toWellFormed(),
  subject: whole(entry.subject),
  reason: whole(entry.reason),
  outcome: entry.outcome,
  facts: json(entry.facts),
  areas: json(entry.areas),
})

export const sealTrailLink = (previousHash: string, link: TrailLink): string =>
  hash(
    'sha256',
    JSON.stringify([
      previousHash,
      link.seq,
      link.at,
      link.actor,
      link.address,
      link.action,
      link.subject,
      link.reason,
      link.outcome,
      link.facts,
      link.areas,
    ]),
  )
