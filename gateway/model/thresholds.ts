/**
 * The figures of detection: each with its unit, range, default and ground. Kept by preset (level of ability) and by
 * resident; what nobody has set has its default. Times of day are minutes after local midnight; yes and no are 1 and 0.
 */
type ThresholdFacts = {
  readonly value: number
  readonly min: number
  readonly max: number
  readonly unit: '/min' | 's' | 'min' | 'h' | '%' | 'days' | 'times' | 'time of day' | 'yes/no' | 'nights'
  readonly ground: string
}

const day = { min: 0, max: 1_439, unit: 'time of day' } as const
const yes = { value: 1, min: 0, max: 1, unit: 'yes/no', ground: 'the rule is on' } as const
const news2 = 'NEWS2, outer band'
const vendors = 'convention of vendors; no clinical source'

export const thresholds = {
  'heartRate.on': yes,
  'heartRate.lowHighAt': { value: 40, min: 20, max: 80, unit: '/min', ground: news2 },
  'heartRate.lowHighAfter': { value: 60, min: 5, max: 3_600, unit: 's', ground: vendors },
  'heartRate.lowMediumAt': { value: 50, min: 20, max: 90, unit: '/min', ground: 'vendors warn at 45 to 50' },
  'heartRate.lowMediumAfter': { value: 300, min: 5, max: 7_200, unit: 's', ground: vendors },
  'heartRate.highHighAt': { value: 131, min: 80, max: 250, unit: '/min', ground: news2 },
  'heartRate.highHighAfter': { value: 60, min: 5, max: 3_600, unit: 's', ground: vendors },
  'heartRate.highMediumAt': {
    value: 111,
    min: 70,
    max: 250,
    unit: '/min',
    ground: 'NEWS2; vendors 100 to 116',
  },
  'heartRate.highMediumAfter': { value: 300, min: 5, max: 7_200, unit: 's', ground: vendors },
  'heartRate.hysteresis': {
    value: 5,
    min: 0,
    max: 30,
    unit: '/min',
    ground: 'bed sensors err by 3 to 8 /min',
  },
  'respiration.on': yes,
  'respiration.lowAt': { value: 8, min: 1, max: 20, unit: '/min', ground: 'NEWS2; vendors below 10' },
  'respiration.lowAfter': { value: 60, min: 5, max: 3_600, unit: 's', ground: vendors },
  'respiration.highAt': {
    value: 25,
    min: 12,
    max: 80,
    unit: '/min',
    ground: 'NEWS2; vendors above 27 to 30',
  },
  'respiration.highMediumAfter': { value: 300, min: 5, max: 7_200, unit: 's', ground: vendors },
  'respiration.highHighAfter': { value: 600, min: 5, max: 7_200, unit: 's', ground: vendors },
  'respiration.hysteresis': {
    value: 2,
    min: 0,
    max: 15,
    unit: '/min',
    ground: 'bed sensors err by some /min',
  },
  'apnoea.on': yes,
  'apnoea.mediumAfter': {
    value: 30,
    min: 10,
    max: 300,
    unit: 's',
    ground: 'vendors 15 s, which would wake a sleep-apnoea patient all night',
  },
  'apnoea.highAfter': { value: 60, min: 10, max: 600, unit: 's', ground: vendors },
  'quality.least': { value: 50, min: 0, max: 100, unit: '%', ground: 'below this a sensor guesses' },
  'bedExit.on': yes,
  'bedExit.from': { ...day, value: 1_320, ground: 'night, 22:00' },
  'bedExit.to': { ...day, value: 360, ground: 'night, 06:00' },
  'bedExit.mediumAfter': { value: 20, min: 1, max: 240, unit: 'min', ground: 'vendors 15 to 30 min' },
  'bedExit.highAfter': {
    value: 30,
    min: 1,
    max: 480,
    unit: 'min',
    ground: 'two toilet visits a night are normal in 55 %: how long counts, not how often',
  },
  'notUp.on': yes,
  'notUp.after': { value: 120, min: 15, max: 600, unit: 'min', ground: 'after the usual time' },
  'notUp.nights': { value: 14, min: 3, max: 60, unit: 'nights', ground: 'baseline of 14 nights' },
  'bathroom.on': yes,
  'bathroom.promptAfter': { value: 30, min: 5, max: 240, unit: 'min', ground: vendors },
  'bathroom.highAfter': { value: 10, min: 1, max: 120, unit: 'min', ground: 'after the prompt' },
  'inactivity.on': yes,
  'inactivity.mediumAfter': {
    value: 8,
    min: 1,
    max: 72,
    unit: 'h',
    ground: 'water and infrared rules in Chinese cities use 4 to 24 h, awake',
  },
  'inactivity.highAfter': { value: 12, min: 1, max: 96, unit: 'h', ground: 'the same' },
  'inactivity.nightFrom': { ...day, value: 1_320, ground: 'asleep, where no bed sensor says otherwise' },
  'inactivity.nightTo': { ...day, value: 360, ground: 'the same' },
  'doorAtNight.on': yes,
  'doorAtNight.from': { ...day, value: 1_380, ground: 'night, 23:00' },
  'doorAtNight.to': { ...day, value: 300, ground: 'night, 05:00' },
  'doorAtNight.openFor': { value: 3, min: 1, max: 60, unit: 'min', ground: 'with impaired cognition only' },
  'fall.stillFor': { value: 60, min: 10, max: 600, unit: 's', ground: 'real falls matter by the long lie' },
  'silence.missed': { value: 3, min: 1, max: 20, unit: 'times', ground: 'heartbeats missed' },
  'silence.lifelineAfter': {
    value: 120,
    min: 5,
    max: 1_440,
    unit: 'min',
    ground: 'JGJ/T 484: replace or cover a call button, smoke or gas sensor within 2 h',
  },
  'battery.lowAt': { value: 20, min: 1, max: 60, unit: '%', ground: 'time to bring a battery' },
  'battery.times': { value: 3, min: 1, max: 20, unit: 'times', ground: 'in a row: a cold battery recovers' },
  'test.every': { value: 7, min: 1, max: 90, unit: 'days', ground: 'JGJ/T 484 10.3.1' },
  'chatter.times': {
    value: 20,
    min: 3,
    max: 1_000,
    unit: 'times',
    ground: 'no hazard comes and goes like that; presses do not count',
  },
  'chatter.within': {
    value: 10,
    min: 1,
    max: 120,
    unit: 'min',
    ground: 'no hazard comes and goes like that; presses do not count',
  },
} as const satisfies Record<string, ThresholdFacts>

export type ThresholdName = keyof typeof thresholds
export type Thresholds = { readonly [Name in ThresholdName]: number }

export const isThresholdName = (name: string): name is ThresholdName => Object.hasOwn(thresholds, name)

/** In the order of the table. */
export const thresholdNames: readonly ThresholdName[] = Object.keys(thresholds).filter(isThresholdName)
