/** What is usual for a resident at each time of day, from the nights before. No I/O; local time is handed in. */
import type { LocalTime } from '../model/detection.ts'
import type { Instant } from '../model/ids.ts'
import type { BaselineMetric, Usual } from '../model/review.ts'
import type { SeriesPoint } from '../model/telemetry.ts'
import { percentile } from './percentile.ts'

export const baselineNights = 14
const binMinutes = 15
export const baselineBinMs = binMinutes * 60_000

export type Baseline = {
  /** Points of `baselineBinMs` or less. Of several devices, each sample counts the same. */
  add(metric: BaselineMetric, points: readonly SeriesPoint[]): void
  usual(): readonly Usual[]
}

/** Sum and number of samples of one quarter of an hour of one night. */
type Quarter = { sum: number; count: number }

export const createBaseline = (localTime: (at: Instant) => LocalTime): Baseline => {
  const metrics = new Map<BaselineMetric, Map<number, Map<number, Quarter>>>()

  const quarterOf = (metric: BaselineMetric, at: Instant): Quarter => {
    const { day, minuteOfDay } = localTime(at)
    const bin = minuteOfDay - (minuteOfDay % binMinutes)
    const bins = metrics.get(metric) ?? new Map<number, Map<number, Quarter>>()
    const nights = bins.get(bin) ?? new Map<number, Quarter>()
    const quarter = nights.get(day) ?? { sum: 0, count: 0 }
    metrics.set(metric, bins.set(bin, nights.set(day, quarter)))
    return quarter
  }
  const usualOf = (metric: BaselineMetric, minuteOfDay: number, quarters: readonly Quarter[]) => {
    const means = quarters.map(({ sum, count }) => sum / count)
    const [low, median, high] = [percentile(means, 10), percentile(means, 50), percentile(means, 90)]
    return low === null || median === null || high === null
      ? []
      : [{ metric, minuteOfDay, low, median, high, nights: means.length }]
  }

  return {
    add(metric, points) {
      for (const { at, mean, count } of points) {
        const quarter = quarterOf(metric, at)
        quarter.sum += mean * count
        quarter.count += count
      }
    },
    usual: () =>
      [...metrics].flatMap(([metric, bins]) =>
        [...bins]
          .toSorted(([a], [b]) => a - b)
          .flatMap(([bin, nights]) => usualOf(metric, bin, [...nights.values()])),
      ),
  }
}
