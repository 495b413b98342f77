/** A day and night runs from noon to noon of the city, so that a night is in one piece. */

import { instantOfWall, wallClock } from '../kit/city-time.ts'

const dayMs = 86_400_000
const halfDayMs = dayMs / 2

const dateOf = (wall: number): string => new Date(wall).toISOString().slice(0, 10)

/** The day whose noon was the last one, such as 2026-11-21. */
export const lastNoonDay = (now: number, timeZone: string): string =>
  dateOf(wallClock(now, timeZone) - halfDayMs)

export const dayAfter = (day: string, days: number): string => dateOf(Date.parse(day) + days * dayMs)

/** The instant of noon on this day. */
export const noonOf = (day: string, timeZone: string): number =>
  instantOfWall(Date.parse(`${day}T12:00:00Z`), timeZone)

export const isDay = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text))

/** Minutes after local midnight, of the quarter of an hour that `at` is in. */
export const quarterOf = (at: number, timeZone: string): number => {
  const minute = Math.floor(wallClock(at, timeZone) / 60_000) % 1_440
  return minute - (minute % 15)
}
