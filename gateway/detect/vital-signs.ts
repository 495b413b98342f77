/** The bands of heart and respiration, and apnoea. */
import type { Rule } from './rule.ts'
import { vitalBand } from './vital-band.ts'

const heart = {
  on: 'heartRate.on',
  metric: 'heartRate',
  hysteresis: figures => figures['heartRate.hysteresis'],
} as const satisfies Partial<Parameters<typeof vitalBand>[0]>

const respiration = {
  on: 'respiration.on',
  metric: 'respirationRate',
  hysteresis: figures => figures['respiration.hysteresis'],
} as const satisfies Partial<Parameters<typeof vitalBand>[0]>

const none = (): number => 0

export const vitalSigns: readonly Rule<unknown>[] = [
  vitalBand({
    ...heart,
    name: 'heart-rate-low',
    side: 'low',
    medium: { at: figures => figures['heartRate.lowMediumAt'], after: 'heartRate.lowMediumAfter' },
    high: { at: figures => figures['heartRate.lowHighAt'], after: 'heartRate.lowHighAfter' },
  }),
  vitalBand({
    ...heart,
    name: 'heart-rate-high',
    side: 'high',
    medium: { at: figures => figures['heartRate.highMediumAt'], after: 'heartRate.highMediumAfter' },
    high: { at: figures => figures['heartRate.highHighAt'], after: 'heartRate.highHighAfter' },
  }),
  vitalBand({
    ...respiration,
    name: 'respiration-low',
    side: 'low',
    high: { at: figures => figures['respiration.lowAt'], after: 'respiration.lowAfter' },
  }),
  vitalBand({
    ...respiration,
    name: 'respiration-high',
    side: 'high',
    medium: { at: figures => figures['respiration.highAt'], after: 'respiration.highMediumAfter' },
    high: { at: figures => figures['respiration.highAt'], after: 'respiration.highHighAfter' },
  }),
  // A zero counts only from a bed that is known to be taken. A sensor that speaks too seldom to show an apnoea still
  // shows a respiration that is too low.
  vitalBand({
    name: 'apnoea',
    on: 'apnoea.on',
    metric: 'respirationRate',
    side: 'low',
    hysteresis: none,
    medium: { at: none, after: 'apnoea.mediumAfter' },
    high: { at: none, after: 'apnoea.highAfter' },
    longestGap: 'apnoea.mediumAfter',
    endsOutOfBed: true,
  }),
]
