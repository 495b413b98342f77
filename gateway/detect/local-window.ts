/** Times of day on the wall: across midnight, and each window its own. */
import type { LocalTime } from '../model/detection.ts'
import type { Instant } from '../model/ids.ts'

export const minuteMs = 60_000
export const hourMs = 3_600_000
export const dayMs = 86_400_000
export const minutesOfDay = 1_440

/** Minutes after midnight. A window that ends where it begins is the whole day. */
export type Window = { readonly from: number; readonly to: number }

export const isWithin = ({ from, to }: Window, minute: number): boolean =>
  from < to ? minute >= from && minute < to : minute >= from || minute < to

/** From one minute of the day on to the next time the clock shows another: 0 to 1439. */
export const minutesUntil = (from: number, to: number): number => (to - from + minutesOfDay) % minutesOfDay

/** So many windows are looked at, about a month of days: who was not heard of for longer was found long ago. */
const maxBoundaries = 64

/** How much of a time lies outside a window of each day; one that ends where it begins takes nothing. Goes from boundary to boundary by the clock on the wall. */
export const msOutside = (
  window: Window,
  { from, to }: { readonly from: Instant; readonly to: Instant },
  localTime: (at: Instant) => LocalTime,
): number => {
  let outside = 0
  let at = from
  for (let boundary = 0; boundary < maxBoundaries && at < to; boundary++) {
    const minute = localTime(at).minuteOfDay
    const inside = window.from !== window.to && isWithin(window, minute)
    const minutes = minutesUntil(minute, inside ? window.to : window.from) || minutesOfDay
    const next = Math.min(to, Math.floor(at / minuteMs + minutes) * minuteMs)
    if (!inside) outside += next - at
    at = next
  }
  return outside
}
