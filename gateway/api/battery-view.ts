/** How a device's battery goes, day by day. */
import { z } from 'zod'
import type { BatteryDay } from '../model/presence.ts'
import { momentOf, Shown } from './shapes.ts'

export const BatteryView = z
  .object({
    percentPerDay: z
      .number()
      .nullable()
      .describe('Slope of the line nearest to the days; below 0: it empties. null: fewer than two days'),
    days: z.array(z.object({ at: Shown, percent: z.number() })).describe('Oldest first, at most 30'),
  })
  .meta({ id: 'Battery' })

const dayMs = 86_400_000
const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/** Least squares. */
const slopeOf = (days: readonly BatteryDay[]): number | null => {
  const meanAt = meanOf(days.map(({ at }) => at))
  const meanPercent = meanOf(days.map(({ percent }) => percent))
  let together = 0
  let alone = 0
  for (const { at, percent } of days) {
    const daysFromMean = (at - meanAt) / dayMs
    together += daysFromMean * (percent - meanPercent)
    alone += daysFromMean ** 2
  }
  return alone > 0 ? together / alone : null
}

export const batteryView = (days: readonly BatteryDay[]): z.infer<typeof BatteryView> => ({
  percentPerDay: slopeOf(days),
  days: days.map(({ at, percent }) => ({ at: momentOf(at), percent })),
})
