/** The band of each curve outside of which a rule rings: what is effective for this resident, and where it comes from. Pure. */
import type { EffectiveThresholds } from '../model/care.ts'
import type { Priority } from '../model/kinds.ts'
import type { Bound, ReviewedMetric } from '../model/review.ts'
import type { ThresholdName } from '../model/thresholds.ts'

type Line = {
  readonly metric: ReviewedMetric
  readonly level: Priority
  readonly side: 'low' | 'high'
  readonly at: ThresholdName
  /** The rule is on. */
  readonly on: ThresholdName
}

const heart = { metric: 'heartRate', on: 'heartRate.on' } as const
const breath = { metric: 'respirationRate', on: 'respiration.on' } as const
const lines: readonly Line[] = [
  { ...heart, level: 'medium', side: 'low', at: 'heartRate.lowMediumAt' },
  { ...heart, level: 'high', side: 'low', at: 'heartRate.lowHighAt' },
  { ...heart, level: 'medium', side: 'high', at: 'heartRate.highMediumAt' },
  { ...heart, level: 'high', side: 'high', at: 'heartRate.highHighAt' },
  { ...breath, level: 'high', side: 'low', at: 'respiration.lowAt' },
  { ...breath, level: 'medium', side: 'high', at: 'respiration.highAt' },
]

export const boundsOf = (effective: EffectiveThresholds): readonly Bound[] =>
  lines
    .filter(({ on }) => effective[on].value !== 0)
    .map(({ metric, level, side, at }) => {
      const { value, source } = effective[at]
      return { metric, level, [side]: value, source }
    })
