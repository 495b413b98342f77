/** Times as the city's clocks show them, wherever this machine stands. */

/** What the city's clocks show, in ms as if they showed UTC. Swedes write dates like ISO 8601. */
export const wallClock = (at: number, timeZone: string): number =>
  Date.parse(`${new Date(at).toLocaleString('sv-SE', { timeZone }).replace(' ', 'T')}Z`)

/** When the city's clocks show this. Of a time that they show twice, either. */
export const instantOfWall = (wall: number, timeZone: string): number => {
  const near = wall - (wallClock(wall, timeZone) - wall)
  return wall - (wallClock(near, timeZone) - near)
}

/** 2026-11-21T20:18, as fields for a date with a time have it. */
export const wallText = (at: number, timeZone: string): string =>
  new Date(wallClock(at, timeZone)).toISOString().slice(0, 16)

/** Undefined: no date with a time. */
export const instantOfText = (text: string, timeZone: string): number | undefined => {
  const wall = Date.parse(`${text.slice(0, 16)}:00Z`)
  return Number.isNaN(wall) ? undefined : instantOfWall(wall, timeZone)
}
