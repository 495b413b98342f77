import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import type { Instant } from '../../../gateway/model/ids.ts'
import type { Sample } from '../../../gateway/model/telemetry.ts'
import { type Batch, openSpool, type Spool } from '../../../gateway/telemetry/forward/spool.ts'
import { dayFile, dayOf, openDayFile, upsert, valuesOf } from '../../../gateway/telemetry/schema.ts'
import { withTemporaryDirectory } from '../../support/temporary-directory.ts'
import { midnight, night, writeDays } from './forward-day-files.ts'

const fileOf = (directory: string, at: Instant): string => dayFile(directory, dayOf(at))

const removeDay = (directory: string, at: Instant): void => {
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${fileOf(directory, at)}${suffix}`, { force: true })
}

const timesOf = (batch: Batch | undefined) => batch?.samples.map(({ at }) => at)
const times = (samples: readonly Sample[]) => samples.map(({ at }) => at)

const drain = (spool: Spool, limit: number): readonly Sample[] => {
  const samples: Sample[] = []
  for (let batch = spool.next(limit); batch; batch = spool.next(limit)) {
    samples.push(...batch.samples)
    spool.confirm(batch)
  }
  return samples
}

test('gives everything once, the oldest day first, and counts down while it does', () =>
  withTemporaryDirectory(async directory => {
    const samples = night('pad-1', 20)
    writeDays(directory, samples.slice(10))
    writeDays(directory, samples.slice(0, 10), 11)
    const spool = openSpool(directory)
    spool.scan()
    expect(spool.lag).toBe(20)
    const first = spool.next(7)
    expect(timesOf(first)).toEqual(times(samples.slice(0, 7)))
    // Not confirmed: the same again.
    expect(spool.next(7)).toEqual(first)
    expect(drain(spool, 7)).toEqual(samples)
    expect(spool.lag).toBe(0)
    spool.close()
  }))

test('follows a writer that has the file open: what it commits next is given next', () =>
  withTemporaryDirectory(async directory => {
    const samples = night('pad-1', 40).slice(20)
    const writer = openDayFile(fileOf(directory, midnight))
    const insert = writer.prepare(upsert)
    const spool = openSpool(directory)
    for (const [index, sample] of samples.entries()) {
      insert.run(...valuesOf(sample, index + 1))
      if (index % 3 > 0) continue
      spool.scan()
      const from = Math.max(index - 2, 0)
      expect(drain(spool, 2)).toEqual(samples.slice(from, index + 1))
      expect(spool.lag).toBe(0)
    }
    spool.close()
    writer.close()
  }))

test('a restart goes on after what was confirmed; a sample written again is given again as it is now', () =>
  withTemporaryDirectory(async directory => {
    const samples = night('pad-1', 10)
    writeDays(directory, samples)
    const first = openSpool(directory)
    first.scan()
    const batch = first.next(4)
    if (batch) first.confirm(batch)
    first.close()
    const [grown] = samples
    if (grown) writeDays(directory, [{ ...grown, readings: { movement: 3 } }], 11)

    const second = openSpool(directory)
    second.scan()
    expect(second.lag).toBe(7)
    const rest = drain(second, 100)
    expect(times(rest)).toEqual(
      times([...samples.slice(4, 5), ...(grown ? [grown] : []), ...samples.slice(5)]),
    )
    expect(rest[1]?.readings).toEqual({ ...grown?.readings, movement: 3 })
    second.close()
  }))

test('samples written again while they wait do not leave a lag behind', () =>
  withTemporaryDirectory(async directory => {
    const samples = night('pad-1', 10).slice(5)
    writeDays(directory, samples)
    const spool = openSpool(directory)
    spool.scan()
    writeDays(directory, samples, 100)
    spool.scan()
    expect(spool.lag).toBe(10)
    expect(drain(spool, 2)).toHaveLength(5)
    expect(spool.lag).toBe(0)
    spool.close()
  }))

test('a removed day is lost as far as it waited; a later file of the same day is read from its start', () =>
  withTemporaryDirectory(async directory => {
    const samples = night('pad-1', 20)
    writeDays(directory, samples)
    const spool = openSpool(directory)
    onTestFinished(() => spool.close())
    spool.scan()
    const batch = spool.next(4)
    removeDay(directory, midnight - 1)
    // It was under way.
    if (batch) spool.confirm(batch)
    spool.scan()
    expect({ lost: spool.lost, lag: spool.lag }).toEqual({ lost: 6, lag: 10 })

    const late = samples.slice(8, 10)
    writeDays(directory, late, 100)
    spool.scan()
    expect({ lost: spool.lost, lag: spool.lag }).toEqual({ lost: 6, lag: 12 })
    expect(drain(spool, 100)).toEqual([...late, ...samples.slice(10)])
    removeDay(directory, midnight)
    spool.scan()
    expect({ lost: spool.lost, lag: spool.lag }).toEqual({ lost: 6, lag: 0 })
  }))

test('keeps no day open: its writer, closing it, folds the log into it and removes the log', () =>
  withTemporaryDirectory(async directory => {
    const samples = night('pad-1', 40).slice(20)
    const path = fileOf(directory, midnight)
    const writer = openDayFile(path)
    const spool = openSpool(directory)
    onTestFinished(() => spool.close())
    const insert = writer.prepare(upsert)
    for (const [index, sample] of samples.entries()) insert.run(...valuesOf(sample, index + 1))
    spool.scan()
    const batch = spool.next(5)
    expect(existsSync(`${path}-wal`)).toBe(true)
    writer.close()
    expect(existsSync(`${path}-wal`)).toBe(false)
    expect(timesOf(batch)).toEqual(times(samples.slice(0, 5)))
    expect(drain(spool, 6)).toEqual(samples)
  }))

test('files made anew with lower numbers than the cursor are read from their start', () =>
  withTemporaryDirectory(async directory => {
    const samples = night('pad-1', 10).slice(5)
    writeDays(directory, samples, 1_000)
    const first = openSpool(directory)
    first.scan()
    drain(first, 100)
    first.close()
    removeDay(directory, midnight)
    writeDays(directory, samples, 1)
    const second = openSpool(directory)
    second.scan()
    expect(drain(second, 100)).toEqual(samples)
    second.close()
  }))

test('a file that is no database, and one that its writer is still making, hold up no other', () =>
  withTemporaryDirectory(async directory => {
    const samples = night('pad-1', 10).slice(5)
    writeDays(directory, samples)
    writeFileSync(
      fileOf(directory, midnight - 1),
      'this is not a database, though it is long enough to be read as one',
    )
    new DatabaseSync(fileOf(directory, midnight + 86_400_000)).close()
    const spool = openSpool(directory)
    spool.scan()
    expect(drain(spool, 100)).toEqual(samples)
    expect(spool.unreadable).toMatch(/^2026-11-21\.db: file is not a database$/)
    removeDay(directory, midnight - 1)
    spool.scan()
    expect(spool.unreadable).toBeUndefined()
    spool.close()
  }))

test('a row that is no sample is counted and passed by', () =>
  withTemporaryDirectory(async directory => {
    const samples = night('pad-1', 10).slice(5)
    writeDays(directory, samples)
    const database = new DatabaseSync(fileOf(directory, midnight))
    database.exec(`UPDATE samples SET more = 'not JSON' WHERE seq = 2`)
    database.close()
    const spool = openSpool(directory)
    onTestFinished(() => spool.close())
    spool.scan()
    const batch = spool.next(100)
    expect(batch).toMatchObject({ unreadable: 1, lastSeq: 5 })
    expect(timesOf(batch)).toEqual(times(samples.filter((_, index) => index !== 1)))
    if (batch) spool.confirm(batch)
    expect(spool.lag).toBe(0)
  }))
