/**
 * What can be measured: name, unit, range. A value outside its range is a fault, not a measurement. Yes and no are 1
 * and 0. Devices may send further metrics under names of their own: stored, not judged.
 */
export type MetricFacts = {
  readonly unit: string
  readonly min: number
  readonly max: number
  readonly meaning: string
}

export const metrics = {
  heartRate: { unit: '/min', min: 0, max: 300, meaning: '心率 heart rate' },
  respirationRate: { unit: '/min', min: 0, max: 100, meaning: '呼吸 respiration rate; 0: none' },
  inBed: { unit: '0/1', min: 0, max: 1, meaning: '在床 in bed' },
  movement: { unit: '%', min: 0, max: 100, meaning: '体动 body movement' },
  quality: { unit: '%', min: 0, max: 100, meaning: '信号质量 how far the sensor trusts these readings' },
  presence: { unit: '0/1', min: 0, max: 1, meaning: '有人 somebody is there' },
  motion: { unit: '0/1', min: 0, max: 1, meaning: '活动 somebody moves' },
  doorOpen: { unit: '0/1', min: 0, max: 1, meaning: '门开 the door is open' },
  sleepStage: { unit: '0–3', min: 0, max: 3, meaning: '睡眠 0 awake, 1 light, 2 deep, 3 dreaming' },
  distance: { unit: 'cm', min: 0, max: 2_000, meaning: '距离 distance from the radar' },
  temperature: { unit: '°C', min: -60, max: 100, meaning: '温度 temperature' },
  humidity: { unit: '%', min: 0, max: 100, meaning: '湿度 relative humidity' },
  batteryPercent: { unit: '%', min: 0, max: 100, meaning: '电量 charge of the battery' },
  rssiDbm: { unit: 'dBm', min: -200, max: 50, meaning: '信号强度 strength of the radio signal' },
} as const satisfies Record<string, MetricFacts>

export type Metric = keyof typeof metrics

export const isMetric = (name: string): name is Metric => Object.hasOwn(metrics, name)

/** In the order of the table. */
export const metricNames: readonly Metric[] = Object.keys(metrics).filter(isMetric)

/** Names that a metric of a device's own may have: a column, a field and a URL parameter. */
export const metricNamePattern = /^[A-Za-z][A-Za-z0-9_]{0,31}$/

/** Values by metric. */
export type Readings = { readonly [metric: string]: number }

/** Undefined: not a number within the range of this metric. Yes and no become 1 and 0. */
export const readingOf = (name: string, value: unknown): number | undefined => {
  const number = typeof value === 'boolean' ? Number(value) : value
  if (typeof number !== 'number' || !Number.isFinite(number)) return undefined
  if (!isMetric(name)) return number
  const { min, max } = metrics[name]
  return number >= min && number <= max ? number : undefined
}
