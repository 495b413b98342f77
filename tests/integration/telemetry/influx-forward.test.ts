/** The forwarder against Debian's InfluxDB: what is on disk is there, once. */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { ForwarderFigures, Sample } from '../../../gateway/model/telemetry.ts'
import { type Forwarder, startForwarder } from '../../../gateway/telemetry/forward/forwarder.ts'
import type { InfluxTarget } from '../../../gateway/telemetry/influx/target.ts'
import { dayFile, dayOf } from '../../../gateway/telemetry/schema.ts'
import { eventually } from '../../support/eventually.ts'
import { database, type Influxd, prepareInfluxd, userAndPassword } from '../../support/influxd.ts'
import { withTemporaryDirectory } from '../../support/temporary-directory.ts'
import { midnight, night, writeDays } from './forward-day-files.ts'
import { createLog } from './forward-log.ts'

const quick = { batchSamples: 500, pollMs: 20, retryMaxMs: 200, timeoutMs: 5_000 }

type Setting = {
  readonly directory: string
  readonly influxd: Influxd
  readonly log: ReturnType<typeof createLog>
  start(target?: Partial<InfluxTarget>): Forwarder
}

const withInfluxd = (work: (setting: Setting) => Promise<void>, isLocked = false): Promise<void> =>
  withTemporaryDirectory(async parent => {
    const influxd = await prepareInfluxd(parent, isLocked)
    const directory = join(parent, 'telemetry')
    const log = createLog()
    const started: Forwarder[] = []
    const start: Setting['start'] = target => {
      const influx: InfluxTarget = { url: influxd.url, bucket: database, version: '1', ...target }
      const forwarder = startForwarder({ directory, influx, log, limits: quick })
      started.push(forwarder)
      return forwarder
    }
    try {
      await influxd.start()
      await work({ directory, influxd, log, start })
    } finally {
      await Promise.all(started.map(forwarder => forwarder.close()))
      await influxd.kill()
    }
  })

const until = (forwarder: Forwarder, is: (figures: ForwarderFigures) => unknown): Promise<ForwarderFigures> =>
  eventually('the figures', () => (is(forwarder.figures()) ? forwarder.figures() : undefined), 30_000)

/** Time and readings of every point of a device, as InfluxDB has them. */
const pointsOf = (influxd: Influxd, device: string) =>
  influxd.ask(`SELECT "heartRate", "ownMetric" FROM "sensor" WHERE "device" = '${device}'`)

const expected = (samples: readonly Sample[]) =>
  samples.map(({ at, readings }) => [at, readings['heartRate'], readings['ownMetric'] ?? null])

test('forwards two days with all their readings, and what is written later', () =>
  withInfluxd(async ({ directory, influxd, start }) => {
    await influxd.ask(`CREATE DATABASE ${database}`)
    const samples = night('pad-1', 2_000)
    writeDays(directory, samples.slice(0, 1_500))
    const forwarder = start()
    await until(forwarder, ({ forwarded }) => forwarded === 1_500)
    writeDays(directory, samples.slice(1_500), 1_501)
    expect(await until(forwarder, ({ forwarded }) => forwarded === 2_000)).toEqual({
      lag: 0,
      forwarded: 2_000,
      rejected: 0,
      lost: 0,
    })
    expect(await pointsOf(influxd, 'pad-1')).toEqual(expected(samples))
  }))

test('a restart goes on where it was: nothing is sent twice, a sample that grew is sent again', () =>
  withInfluxd(async ({ directory, influxd, start }) => {
    await influxd.ask(`CREATE DATABASE ${database}`)
    const samples = night('pad-1', 100)
    writeDays(directory, samples)
    const first = start()
    await until(first, ({ forwarded }) => forwarded === 100)
    await first.close()

    const [grown] = samples
    if (!grown) throw new Error('no sample')
    writeDays(directory, [{ ...grown, readings: { movement: 7 } }], 101)
    const second = start()
    expect(await until(second, ({ forwarded, lag }) => forwarded > 0 && lag === 0)).toMatchObject({
      forwarded: 1,
    })
    expect(
      await influxd.ask(`SELECT "heartRate", "movement" FROM "sensor" WHERE time = ${grown.at}ms`),
    ).toEqual([[grown.at, grown.readings['heartRate'], 7]])
  }))

test('a server killed in the middle and away for a while has exactly all points in the end', () =>
  withInfluxd(async ({ directory, influxd, log, start }) => {
    await influxd.ask(`CREATE DATABASE ${database}`)
    const samples = night('pad-1', 20_000)
    writeDays(directory, samples.slice(0, 10_000))
    const forwarder = start()
    await until(forwarder, ({ forwarded }) => forwarded >= 2_000)
    await influxd.kill()
    writeDays(directory, samples.slice(10_000), 10_001)
    const away = await until(forwarder, ({ trouble, lag }) => trouble !== undefined && lag > 10_000)
    expect(away.forwarded + away.lag).toBe(20_000)
    await influxd.start()

    expect(await until(forwarder, ({ lag, trouble }) => lag === 0 && trouble === undefined)).toMatchObject({
      forwarded: 20_000,
      rejected: 0,
    })
    expect(await pointsOf(influxd, 'pad-1')).toEqual(expected(samples))
    const messages = log.lines.map(({ message }) => message)
    expect(messages.at(-1)).toBe('telemetry is forwarded again')
  }))

test('a database that is missing is waited for', () =>
  withInfluxd(async ({ directory, influxd, log, start }) => {
    const samples = night('pad-1', 10)
    writeDays(directory, samples)
    const forwarder = start()
    const waiting = await until(forwarder, ({ trouble }) => trouble !== undefined)
    expect(waiting.trouble).toMatch(/HTTP 404.*database not found/)
    expect(waiting).toMatchObject({ lag: 10, forwarded: 0, rejected: 0 })
    await influxd.ask(`CREATE DATABASE ${database}`)
    await until(forwarder, ({ forwarded, trouble }) => forwarded === 10 && trouble === undefined)
    expect(await pointsOf(influxd, 'pad-1')).toEqual(expected(samples))
    expect(log.lines.map(({ message }) => message)).toEqual([
      'telemetry is not forwarded',
      'telemetry is forwarded again',
    ])
  }))

test('a locked server takes them with user and password, and with wrong ones nothing is dropped', () =>
  withInfluxd(async ({ directory, influxd, start }) => {
    const [user = '', password = ''] = userAndPassword.split(':')
    await influxd.ask(`CREATE USER "${user}" WITH PASSWORD '${password}' WITH ALL PRIVILEGES`)
    await influxd.ask(`CREATE DATABASE ${database}`)
    writeDays(directory, night('pad-1', 10))
    const stranger = start({ token: 'nobody:nothing' })
    const refused = await until(stranger, ({ trouble }) => trouble !== undefined)
    expect(refused.trouble).toContain('HTTP 401')
    expect(refused).toMatchObject({ lag: 10, rejected: 0 })
    await stranger.close()

    await until(start({ token: userAndPassword }), ({ forwarded }) => forwarded === 10)
    expect(await pointsOf(influxd, 'pad-1')).toHaveLength(10)
  }, true))

test('samples that InfluxDB will never take are found one by one, and all others arrive', () =>
  withInfluxd(async ({ directory, influxd, log, start }) => {
    await influxd.ask(`CREATE DATABASE ${database}`)
    // Somebody has made the field text on these days.
    const text = `sensor,device=else ownMetric="text" ${midnight - 3_600_000}\nsensor,device=else ownMetric="text" ${midnight + 3_600_000}`
    await fetch(`${influxd.url}/write?db=${database}&precision=ms`, { method: 'POST', body: text })
    const samples = night('pad-1', 1_000)
    writeDays(directory, samples)
    const forwarder = start()
    const conflicting = samples.filter(({ readings }) => 'ownMetric' in readings)
    expect(await until(forwarder, ({ lag, forwarded }) => lag === 0 && forwarded > 0)).toEqual({
      lag: 0,
      forwarded: samples.length - conflicting.length,
      rejected: conflicting.length,
      lost: 0,
    })
    const others = samples.filter(sample => !conflicting.includes(sample))
    expect(await influxd.ask(`SELECT "heartRate" FROM "sensor" WHERE "device" = 'pad-1'`)).toEqual(
      others.map(({ at, readings }) => [at, readings['heartRate']]),
    )
    const rejections = log.lines.filter(({ message }) => message.includes('never take'))
    expect(rejections).toHaveLength(2)
    expect(rejections[0]?.facts).toMatchObject({
      reason: expect.stringContaining('field type conflict'),
      example: { device: 'pad-1' },
    })
  }))

test('points older than InfluxDB keeps them are counted as refused at once', () =>
  withInfluxd(async ({ directory, influxd, start }) => {
    await influxd.ask(`CREATE DATABASE ${database} WITH DURATION 1h`)
    writeDays(
      directory,
      night('pad-1', 100).map(sample => ({ ...sample, at: sample.at - 365 * 86_400_000 })),
    )
    const figures = await until(start(), ({ rejected, lag }) => rejected > 0 && lag === 0)
    expect(figures).toMatchObject({ forwarded: 0, rejected: 100 })
  }))

test('days that retention removes while the server is away are counted as lost, and the rest arrives', () =>
  withInfluxd(async ({ directory, influxd, log, start }) => {
    await influxd.ask(`CREATE DATABASE ${database}`)
    await influxd.kill()
    const samples = night('pad-1', 1_000)
    mkdirSync(directory)
    writeDays(directory, samples)
    const forwarder = start()
    await until(forwarder, ({ lag, trouble }) => lag === 1_000 && trouble !== undefined)
    const file = dayFile(directory, dayOf(midnight - 1))
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true })
    await until(forwarder, ({ lag, lost }) => lag === 500 && lost === 500)
    await influxd.start()
    expect(await until(forwarder, ({ lag }) => lag === 0)).toMatchObject({ forwarded: 500, lost: 500 })
    expect(await pointsOf(influxd, 'pad-1')).toEqual(expected(samples.filter(({ at }) => at >= midnight)))
    expect(log.lines).toContainEqual({
      level: 'warn',
      message: 'telemetry was removed before it was forwarded',
      facts: { count: 500 },
    })
  }))
