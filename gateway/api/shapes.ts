/** Shapes that several resources share. */
import { z } from 'zod'
import type { Instant } from '../model/ids.ts'

/** RFC 3339 with an offset, read into an instant. */
export const Moment = z.iso.datetime({ offset: true })
export const instantOf = (moment: string): Instant => Date.parse(moment)

const largestInstant = 8_640_000_000_000_000

/** RFC 3339. A device may claim a time that no calendar holds: it must not hide the alarm, so it is cut to what one does. */
export const momentOf = (instant: Instant): string =>
  new Date(Math.max(-largestInstant, Math.min(largestInstant, instant || 0))).toISOString()

export const momentOrNull = (instant: Instant | undefined): string | null =>
  instant === undefined ? null : momentOf(instant)

/** Answered moments. */
export const Shown = z.string().describe('RFC 3339, UTC')

export const IdParams = z.object({ id: z.string().min(1).max(64) })

const largestPage = 200

export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(largestPage).default(50),
  cursor: z.string().min(1).max(200).exactOptional().describe('`nextCursor` of the page before'),
}

export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({
    items: z.array(item),
    nextCursor: z.string().nullable().describe('Asks for the next page; null on the last'),
  })

/** Who did it, as people know them. */
export const ByView = z.object({ id: z.string(), name: z.string() })

/** One page of what has no order of its own: in order of its keys, after the key `cursor`. */
export const pageByKey = <T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  { limit, cursor = '' }: { readonly limit: number; readonly cursor?: string },
): { readonly items: T[]; readonly nextCursor: string | null } => {
  const rest = items
    .map(item => ({ item, key: keyOf(item) }))
    .filter(({ key }) => key > cursor)
    .sort((a, b) => (a.key < b.key ? -1 : 1))
  const page = rest.slice(0, limit)
  return {
    items: page.map(({ item }) => item),
    nextCursor: rest.length > page.length ? (page.at(-1)?.key ?? null) : null,
  }
}
