/** Is a point open now? Opening hours in the city's time zone, whatever zone the process runs in. */
import { type OpeningHoursAt, parseOpeningHours } from '../kit/opening-hours.ts'
import type { Instant } from '../model/ids.ts'

export type IsOpen = (now: Instant) => boolean

const quarterHourMs = 15 * 60 * 1000

/** Texts are few (most points share theirs) and slow to parse, about 0.5 ms; the oldest is dropped at the limit. */
const maxTexts = 10_000

/**
 * Answers are remembered until they can change: a fresh one costs about 0.1 ms, and an alarm asks for many points.
 * What cannot be judged counts as open (the registry refuses texts that cannot be read): a call offered in vain is
 * escalated, while nobody would notice a point that is never asked.
 */
export const createHours = (timeZone: string): ((text: string) => IsOpen) => {
  const offsetAt = createOffsets(timeZone)
  const known = new Map<string, IsOpen>()
  return text => {
    const before = known.get(text)
    if (before) return before
    const isOpen = text === '24/7' ? () => true : readHours(text, offsetAt)
    const oldest = known.size < maxTexts ? undefined : known.keys().next().value
    if (oldest !== undefined) known.delete(oldest)
    known.set(text, isOpen)
    return isOpen
  }
}

const readHours = (text: string, offsetAt: (now: Instant) => number): IsOpen => {
  const parsed = parseOpeningHours(text)
  return parsed.ok ? remembered(parsed.at, offsetAt) : () => true
}

const remembered = (at: OpeningHoursAt, offsetAt: (now: Instant) => number): IsOpen => {
  let open = false
  let from = Number.POSITIVE_INFINITY
  let until = Number.NEGATIVE_INFINITY
  return now => {
    if (now >= from && now < until) return open
    const offset = offsetAt(now)
    const answer = at(now + offset)
    open = answer?.open ?? true
    from = now
    until = answer ? answer.until - offset : now
    // No answer, or the clocks change before then: they do so on a quarter of an hour.
    if (!answer || offsetAt(until) !== offset) until = now - (now % quarterHourMs) + quarterHourMs
    return open
  }
}

/** Milliseconds to add to an instant to get the zone's wall clock, written as if it were UTC. */
const createOffsets = (timeZone: string): ((now: Instant) => number) => {
  const format = new Intl.DateTimeFormat('en', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  return now => {
    const fields = new Map(format.formatToParts(now).map(({ type, value }) => [type, Number(value)]))
    const field = (name: Intl.DateTimeFormatPartTypes): number => fields.get(name) ?? 0
    const wallClock = Date.UTC(
      field('year'),
      field('month') - 1,
      field('day'),
      field('hour'),
      field('minute'),
      field('second'),
    )
    return wallClock - (now - (now % 1000))
  }
}
