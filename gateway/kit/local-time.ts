/** Wall-clock time in one zone. Offsets are kept by quarter of an hour, at which every zone of the world changes. */
import type { LocalTime } from '../model/detection.ts'
import type { Instant } from '../model/ids.ts'

const quarterMs = 900_000
const minuteMs = 60_000
const minutesOfDay = 1_440
/** Two days of quarters: a night that is replayed in any order needs no more. Beyond, all are read anew. */
const maxOffsets = 192

export const createLocalTime = (timeZone: string): ((at: Instant) => LocalTime) => {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })
  const offsets = new Map<number, number>()

  /** Minutes east of Greenwich, from text such as `GMT+08:00` or `GMT`. */
  const readOffset = (at: Instant): number => {
    const text = format.formatToParts(at).find(part => part.type === 'timeZoneName')?.value ?? ''
    const [, sign, hours, minutes] = /([+-])(\d{2}):(\d{2})/.exec(text) ?? []
    return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0))
  }

  const offsetAt = (at: Instant): number => {
    const quarter = Math.floor(at / quarterMs)
    const known = offsets.get(quarter)
    if (known !== undefined) return known
    if (offsets.size >= maxOffsets) offsets.clear()
    const offset = readOffset(at)
    offsets.set(quarter, offset)
    return offset
  }

  return at => {
    const minutes = Math.floor(at / minuteMs) + offsetAt(at)
    const day = Math.floor(minutes / minutesOfDay)
    return { day, minuteOfDay: minutes - day * minutesOfDay }
  }
}
