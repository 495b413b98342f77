/** The facts of all alarms of a time, page by page: between two pages the event loop is free for calls. */
import type { Refusal } from '../model/errors.ts'
import type { Entry, Journal } from '../model/journal.ts'
import type { Registry } from '../model/registry.ts'
import type { Span, View } from '../model/review.ts'
import { type AlarmFacts, factsOf } from './alarm-facts.ts'

/** A few milliseconds' worth of parsing. */
const alarmsAtOnce = 50
/** About 300 bytes each. A report over more is refused: a smaller area, or a shorter time. */
const mostAlarms = 100_000

type Sources = {
  readonly journal: Pick<Journal, 'list' | 'entriesOf'>
  readonly registry: Pick<Registry, 'areasWithin'>
}

const factsIn = (entries: readonly Entry[]): readonly AlarmFacts[] =>
  [...Map.groupBy(entries, ({ alarm }) => alarm).values()].flatMap(timeline => factsOf(timeline) ?? [])

/** Of alarms that were received in the time and that the view holds, newest first. */
export const readFacts = async (
  { journal, registry }: Sources,
  { from, to }: Span,
  { area, within }: View,
): Promise<readonly AlarmFacts[] | Refusal> => {
  const facts: AlarmFacts[] = []
  const query = {
    order: 'received',
    limit: alarmsAtOnce,
    from,
    to,
    ...(area !== undefined && { areas: registry.areasWithin(area) }),
    ...(within && { within }),
  } as const
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await journal.list({ ...query, ...(cursor !== undefined && { cursor }) })
    facts.push(...factsIn(await journal.entriesOf(page.items.map(({ id }) => id))))
    if (facts.length > mostAlarms) {
      const detail = `there are more than ${mostAlarms} alarms; ask for a smaller area or a shorter time`
      return { refused: 'invalid-request', detail }
    }
    cursor = page.nextCursor
  }
  return facts
}
