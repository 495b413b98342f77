/**
 * The only file that knows the `opening_hours` library: OpenStreetMap's opening_hours syntax
 * (https://wiki.openstreetmap.org/wiki/Key:opening_hours), read for mainland China.
 *
 * What it cannot judge:
 * - `PH` knows the holidays of fixed date only, as the library lists them: it takes 8 March, 4 May and 1 June for
 *   holidays, and does not know the lunar festivals. Dates written out (`2027 Feb 05-08 off`) are exact.
 * - `SH` and times of the sun are refused.
 */
import OpeningHours from 'opening_hours'

/** A far change (`week 05-53/2 Fr`) is found by trying day after day; nobody needs it further ahead. */
const horizonMs = 24 * 60 * 60 * 1000
const maxErrorLength = 200

/** The library reads the country alone; `lat` and `lon` would serve for times of the sun. */
const mainlandChina = { lat: 0, lon: 0, address: { country_code: 'cn', state: '' } }
const timeRangesOnly = {
  mode: 0,
  locale: 'en',
  tag_key: undefined,
  map_value: undefined,
  warnings_severity: undefined,
}

/**
 * `wallClock` is the local time in question, written as if it were UTC. Answers whether it is open then, and until
 * when (same notation, at most a day ahead) that stays so. `unknown` in the text counts as not open. Answers undefined
 * if the library fails on this moment: it throws for holidays that it has no dates for.
 */
export type OpeningHoursAt = (
  wallClock: number,
) => { readonly open: boolean; readonly until: number } | undefined

export const parseOpeningHours = (
  text: string,
): { readonly ok: true; readonly at: OpeningHoursAt } | { readonly ok: false; readonly error: string } => {
  const unsupported = /\b(SH|sunrise|sunset|dawn|dusk)\b/i.exec(text)?.[0]
  if (unsupported !== undefined) return { ok: false, error: `${unsupported} is not supported` }
  try {
    const hours = new OpeningHours(text, mainlandChina, timeRangesOnly)
    const at: OpeningHoursAt = wallClock => {
      const date = toProcessTime(wallClock)
      try {
        const next = hours.getNextChange(date, toProcessTime(wallClock + horizonMs))
        return { open: hours.getState(date), until: next ? fromProcessTime(next) : wallClock + horizonMs }
      } catch {
        return undefined
      }
    }
    return { ok: true, at }
  } catch (error) {
    return { ok: false, error: String(error).slice(0, maxErrorLength) }
  }
}

/** The library reads dates by the process's own zone: the date whose local fields show this wall clock. */
const toProcessTime = (wallClock: number): Date => {
  const utc = new Date(wallClock)
  return new Date(
    utc.getUTCFullYear(),
    utc.getUTCMonth(),
    utc.getUTCDate(),
    utc.getUTCHours(),
    utc.getUTCMinutes(),
    utc.getUTCSeconds(),
  )
}

const fromProcessTime = (date: Date): number =>
  Date.UTC(
    date.getFullYear(),
    date.getMonth(),
    date.getDate(),
    date.getHours(),
    date.getMinutes(),
    date.getSeconds(),
  )
