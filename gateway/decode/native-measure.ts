/**
 * Native MQTT `measure`: one sample `{"at"?,"heartRate"?, …}` or an array of at most 1,000. Total, and frugal: what is bad
 * is left out and counted, the rest of the sample stays. Written for ten thousand messages a second.
 */
import { metricNamePattern, type Readings, readingOf } from '../model/measurement.ts'
import type { Decoded, Measurement } from '../model/observation.ts'
import { createDiscards, type Discard, type Discards } from './discards.ts'
import { decodeJson, discarded, instantOf, isObject, maxPayloadBytes } from './json.ts'

/** The documented bound of a message. Further samples are discarded. */
const maxSamples = 1_000
/** Members of a sample, more than there are metrics. Further ones are discarded. */
const maxMembers = 64

export type NativeMeasure = {
  readonly measurements: readonly Measurement[]
  readonly discarded: readonly Discard[]
}

const readingsOf = (
  sample: { readonly [key: string]: unknown },
  discards: Discards,
): Readings | undefined => {
  const readings: { [metric: string]: number } = {}
  let isEmpty = true
  const names = Object.keys(sample)
  if (names.length > maxMembers) {
    discards.add('oversized', `a sample of ${names.length} members`, names.length - maxMembers)
    names.length = maxMembers
  }
  for (const name of names) {
    if (name === 'at') continue
    const value = sample[name]
    const isValue = typeof value === 'number' || typeof value === 'boolean'
    if (!isValue || !metricNamePattern.test(name)) {
      discards.add('wrong-shape', name)
      continue
    }
    const reading = readingOf(name, value)
    if (reading === undefined) {
      discards.add('out-of-range', `${name}: ${value}`)
      continue
    }
    readings[name] = reading
    isEmpty = false
  }
  return isEmpty ? undefined : readings
}

const measurementOf = (sample: unknown, discards: Discards): Measurement | undefined => {
  if (!isObject(sample)) {
    discards.add('wrong-shape', 'a sample that is not an object')
    return undefined
  }
  const readings = readingsOf(sample, discards)
  if (!readings) {
    discards.add('wrong-shape', 'a sample without a reading')
    return undefined
  }
  const deviceTime = Object.hasOwn(sample, 'at') ? instantOf(sample['at']) : undefined
  return deviceTime === undefined
    ? { kind: 'measurement', readings }
    : { kind: 'measurement', deviceTime, readings }
}

/** `discarded` in an answer that is `ok`: what was left out of it, and how many of each kind. */
export const decodeNativeMeasure = (payload: Uint8Array): Decoded<NativeMeasure> => {
  const json = decodeJson(payload, maxPayloadBytes)
  if (!json.ok) return json
  const samples: readonly unknown[] | undefined = Array.isArray(json.value)
    ? json.value
    : isObject(json.value)
      ? [json.value]
      : undefined
  if (!samples) return discarded('wrong-shape', 'neither a sample nor a list of samples')
  const discards = createDiscards()
  if (samples.length > maxSamples) {
    discards.add('oversized', `${samples.length} samples`, samples.length - maxSamples)
  }
  const measurements: Measurement[] = []
  for (const sample of samples.slice(0, maxSamples)) {
    const measurement = measurementOf(sample, discards)
    if (measurement) measurements.push(measurement)
  }
  return { ok: true, value: { measurements, discarded: discards.list() } }
}
