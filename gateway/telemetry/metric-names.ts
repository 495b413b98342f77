/** Holds down how many different metrics there are, or a device that makes up names would make up columns elsewhere. */
import { isMetric } from '../model/measurement.ts'
import type { Sample } from '../model/telemetry.ts'

/** Names of devices' own, of all devices together, since the start. Readings under one more are dropped. */
const maxOtherMetrics = 256

/** Answers the sample itself, or without the readings whose metric would be one too many. */
export type AdmitMetrics = (sample: Sample) => Sample

export const createMetricNames = (): AdmitMetrics => {
  const others = new Set<string>()

  const isAdmitted = (name: string): boolean => {
    if (isMetric(name) || others.has(name)) return true
    if (others.size >= maxOtherMetrics) return false
    others.add(name)
    return true
  }

  return sample => {
    const { readings } = sample
    const names = Object.keys(readings)
    if (names.every(isAdmitted)) return sample
    const admitted = Object.entries(readings).filter(([name]) => isAdmitted(name))
    return { ...sample, readings: Object.fromEntries(admitted) }
  }
}
