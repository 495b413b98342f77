/** A month by local time. Pure; local time is handed in. */
import type { LocalTime } from '../model/detection.ts'
import type { Instant } from '../model/ids.ts'
import type { Span } from '../model/review.ts'

const minuteMs = 60_000
const minutesOfDay = 1_440

const startOf = (year: number, month: number, localTime: (at: Instant) => LocalTime): Instant => {
  const wall = Date.UTC(year, month)
  const behind = (at: Instant): number => {
    const { day, minuteOfDay } = localTime(at)
    return wall - (day * minutesOfDay + minuteOfDay) * minuteMs
  }
  // Once more: clocks may change between the guess and the answer.
  const near = wall + behind(wall)
  return near + behind(near)
}

/** Such as `2026-10`. */
export const monthOf = (at: Instant, localTime: (at: Instant) => LocalTime): string =>
  new Date(localTime(at).day * minutesOfDay * minuteMs).toISOString().slice(0, 'yyyy-mm'.length)

/** @param month as above. */
export const monthSpan = (month: string, localTime: (at: Instant) => LocalTime): Span => {
  const [year = 0, number = 1] = month.split('-').map(Number)
  return { from: startOf(year, number - 1, localTime), to: startOf(year, number, localTime) }
}
