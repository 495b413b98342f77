/** A day and night runs from noon to noon of the city, so that a night is in one piece. */

export const dayMs = 86_400_000
const halfDayMs = dayMs / 2

/** What the city's clocks show, as if they showed UTC. Swedes write dates like ISO 8601. */
const wallClock = (at: number, timeZone: string): number =>
  Date.parse(`${new Date(at).toLocaleString('sv-SE', { timeZone }).replace(' ', 'T')}Z`)

const dateOf = (wall: number): string => new Date(wall).toISOString().slice(0, 10)

/** The day whose noon was the last one, such as 2026-11-21. */
export const lastNoonDay = (now: number, timeZone: string): string =>
  dateOf(wallClock(now, timeZone) - halfDayMs)

export const dayAfter = (day: string, days: number): string => dateOf(Date.parse(day) + days * dayMs)

/** The instant of noon on this day. Clocks are set at night, so the difference to UTC near noon is the one at noon. */
export const noonOf = (day: string, timeZone: string): number => {
  const noon = Date.parse(`${day}T12:00:00Z`)
  const near = noon - (wallClock(noon, timeZone) - noon)
  return noon - (wallClock(near, timeZone) - near)
}

export const isDay = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text))

/** Minutes after local midnight, of the quarter of an hour that `at` is in. */
export const quarterOf = (at: number, timeZone: string): number => {
  const minute = Math.floor(wallClock(at, timeZone) / 60_000) % 1_440
  return minute - (minute % 15)
}
