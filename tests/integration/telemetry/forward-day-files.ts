/** Day files as the telemetry store leaves them, for tests of whoever follows them. */
import { mkdirSync } from 'node:fs'
import { DeviceId } from '../../../gateway/model/ids.ts'
import type { Sample } from '../../../gateway/model/telemetry.ts'
import { dayFile, dayOf, openDayFile, upsert, valuesOf } from '../../../gateway/telemetry/schema.ts'

/** Two days meet here: samples before and after it lie in two files. */
export const midnight = Date.UTC(2026, 10, 22)

/** `count` samples of one device, a second apart, as many before midnight as after. */
export const night = (device: string, count: number): readonly Sample[] =>
  Array.from({ length: count }, (_, index) => ({
    device: DeviceId.parse(device),
    at: midnight + (index - Math.floor(count / 2)) * 1_000,
    readings: { heartRate: 50 + (index % 40), ...(index % 3 === 0 && { ownMetric: index / 10 }) },
  }))

/** Writes with numbers that go on from `firstSeq`. */
export const writeDays = (directory: string, samples: readonly Sample[], firstSeq = 1): void => {
  mkdirSync(directory, { recursive: true })
  const numbered = samples.map((sample, index) => ({ sample, seq: firstSeq + index }))
  for (const [day, rows] of Map.groupBy(numbered, ({ sample }) => dayOf(sample.at))) {
    const database = openDayFile(dayFile(directory, day))
    const write = database.prepare(upsert)
    database.exec('BEGIN')
    for (const { sample, seq } of rows) write.run(...valuesOf(sample, seq))
    database.exec('COMMIT')
    database.close()
  }
}
