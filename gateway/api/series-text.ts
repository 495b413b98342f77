import type { Instant } from '../model/ids.ts'
import type { SeriesPoint } from '../model/telemetry.ts'
import { momentOf } from './shapes.ts'

const secondMs = 1_000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** `T00:00:00.000Z` without its T. */
const timeOfDayLength = 13

const sixty = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, '0'))

const timeOfDay = (ms: number): string => {
  const hours = sixty[Math.floor(ms / hourMs)]
  const minutes = sixty[Math.floor(ms / minuteMs) % 60]
  const seconds = sixty[Math.floor(ms / secondMs) % 60]
  return `${hours}:${minutes}:${seconds}.${String(ms % secondMs).padStart(3, '0')}Z`
}

/** RFC 3339 of one instant after the other, in whole ms. The calendar is asked once per day, as it is what takes long. */
const momentWriter = (): ((at: Instant) => string) => {
  let dayStart = Number.NaN
  let date = ''
  return at => {
    const start = Math.floor(at / dayMs) * dayMs
    if (start !== dayStart) {
      dayStart = start
      date = momentOf(start).slice(0, -timeOfDayLength)
    }
    return date + timeOfDay(at - start)
  }
}

/** JSON has no other numbers (RFC 8259, 6). */
const figure = (value: number): string => (Number.isFinite(value) ? String(value) : 'null')

/**
 * A curve as JSON. A day of it by seconds must not hold up the calls that come in meanwhile: warm, one text that grows
 * costs less than half of what thousands of dates and objects do.
 */
export const seriesText = (everyMs: number, points: readonly SeriesPoint[]): string => {
  const moment = momentWriter()
  let series = ''
  for (const { at, min, mean, max, count } of points) {
    if (series !== '') series += ','
    series += `{"at":"${moment(at)}","min":${figure(min)},"mean":${figure(mean)},"max":${figure(max)},"count":${count}}`
  }
  return `{"everySeconds":${everyMs / secondMs},"series":[${series}]}`
}
