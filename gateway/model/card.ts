/** The port to the links by which somebody without a login sees a resident's emergency card for a while. */
import type { By } from './care.ts'
import type { Refusal } from './errors.ts'
import type { AlarmId, Instant, ResidentId } from './ids.ts'

/** Somebody looked, and from where: the only thing that is known of them. */
export type CardOpening = { readonly at: Instant; readonly address: string; readonly userAgent: string }

export type CardLink = {
  /** Names it. Nobody sees the card with it. */
  readonly id: string
  readonly resident: ResidentId
  /** Whose timeline is on the card. */
  readonly alarm?: AlarmId
  readonly reason: string
  readonly by: By
  readonly createdAt: Instant
  readonly expiresAt: Instant
  /** Somebody has ended it ahead of its time. */
  readonly endedAt?: Instant
}

export type NewCardLink = Pick<CardLink, 'resident' | 'alarm' | 'reason' | 'by'> & { readonly hours: number }

/** What changes something is on disk when it returns, and throws when the disk refuses. */
export interface CardLinks {
  /** Answers the secret of the link, which is not kept. `too-busy`: the resident has too many that are good. */
  create(link: NewCardLink): { readonly link: CardLink; readonly secret: string } | Refusal
  get(id: string): CardLink | undefined
  /** Newest first, those that are void as well. */
  list(resident: ResidentId): readonly (CardLink & { readonly openings: readonly CardOpening[] })[]
  /** False: there is none that is good. */
  end(id: string): boolean
  /** The good one that this secret belongs to. */
  find(secret: string): CardLink | undefined
  /** False: it was opened too often. */
  opened(id: string, from: Omit<CardOpening, 'at'>): boolean
}
