import { mkdtemp, rm } from 'node:fs/promises'
import type { RequestListener, Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { DeviceId } from '../../../gateway/model/ids.ts'
import type { Sample, SeriesQuery } from '../../../gateway/model/telemetry.ts'
import { createInfluxReader } from '../../../gateway/telemetry/influx/influx-reader.ts'
import { createSender } from '../../../gateway/telemetry/influx/sender.ts'
import type { InfluxTarget } from '../../../gateway/telemetry/influx/target.ts'
import { database, type Influxd, prepareInfluxd } from '../../support/influxd.ts'
import { listen } from './forward-scripted-server.ts'

const start = Date.UTC(2026, 10, 21, 18)
const device = DeviceId.parse('pad-1')
/** Ids are tamer than this: it is the escaping that is proved. */
const anyText = z.string().brand<'DeviceId'>()
const query: SeriesQuery = {
  device,
  metric: 'heartRate',
  from: start,
  to: start + 3_600_000,
  everyMs: 60_000,
}

describe('beside a real InfluxDB', () => {
  let directory: string
  let influxd: Influxd
  let target: InfluxTarget

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'anling-influxd-'))
    influxd = await prepareInfluxd(directory)
    await influxd.start()
    await influxd.ask(`CREATE DATABASE ${database}`)
    target = { url: influxd.url, bucket: database, version: '1' }
  })
  afterAll(async () => {
    await influxd.kill()
    await rm(directory, { recursive: true })
  })

  const write = async (samples: readonly Sample[]) =>
    expect(await createSender(target, 5_000)(samples, new AbortController().signal)).toEqual({
      kind: 'taken',
    })
  const read = (asked: Partial<SeriesQuery>) =>
    createInfluxReader({ ...target, timeoutMs: 5_000 }).query({ ...query, ...asked })

  test('answers least, mean, most and count a minute, and no point for a gap', async () => {
    const beats: readonly (readonly [number, number])[] = [
      [0, 60],
      [20_000, 70],
      [59_999, 62],
      [60_000, 80],
      [180_000, 55.5],
      [3_600_000, 99],
    ]
    await write(beats.map(([after, heartRate]) => ({ device, at: start + after, readings: { heartRate } })))
    expect(await read({})).toEqual([
      { at: start, min: 60, mean: 64, max: 70, count: 3 },
      { at: start + 60_000, min: 80, mean: 80, max: 80, count: 1 },
      { at: start + 180_000, min: 55.5, mean: 55.5, max: 55.5, count: 1 },
    ])
    expect(await read({ from: start + 7_200_000, to: start + 9_000_000 })).toEqual([])
    expect(await read({ metric: 'neverSeen' })).toEqual([])
  })

  test.each(['a b,c=d', `it's`, 'say "bed"', 'C:\\beds\\one', `' OR time > 0 --`, '床垫-1'])(
    'a device called %s is written and read as itself',
    async name => {
      const strange = anyText.parse(name)
      await write([{ device: strange, at: start, readings: { heartRate: 61 } }])
      expect(await read({ device: strange })).toEqual([{ at: start, min: 61, mean: 61, max: 61, count: 1 }])
    },
  )

  test.each(['time', 'device', 'select', 'Own_metric9'])(
    'a metric called %s is written and read',
    async metric => {
      await write([{ device: DeviceId.parse('own'), at: start, readings: { [metric]: 3 } }])
      expect(await read({ device: DeviceId.parse('own'), metric })).toEqual([
        { at: start, min: 3, mean: 3, max: 3, count: 1 },
      ])
    },
  )

  test('a database that is missing is an error with its name', async () => {
    const reader = createInfluxReader({ ...target, bucket: 'nowhere', timeoutMs: 5_000 })
    await expect(reader.query(query)).rejects.toThrow('database not found: nowhere')
  })
})

describe('beside a server that answers what it likes', () => {
  let server: Server | undefined
  afterEach(() => {
    server?.closeAllConnections()
    server?.close()
  })
  const ask = async (listener: RequestListener, target?: Partial<InfluxTarget>, timeoutMs = 5_000) => {
    const listening = await listen(listener)
    server = listening.server
    return createInfluxReader({ url: listening.url, bucket: 'b', timeoutMs, ...target }).query(query)
  }

  test.each([
    ['<html>', 'which is not JSON'],
    ['[]', 'not a series'],
    ['{"results":[]}', 'not a series'],
    ['{"error":"not authorised"}', 'not authorised'],
    ['{"results":[{"series":[{"values":[[1,2,3]]}]}]}', 'not a series'],
    ['{"results":[{"series":[{"values":[[1,2,"3",4,5]]}]}]}', 'not a series'],
    ['{"results":[{"series":[{"values":[],"partial":true}]}]}', 'not a series'],
  ])('%s is an error that says so', async (body, why) => {
    await expect(ask((_request, response) => response.end(body))).rejects.toThrow(why)
  })

  test('a refusal is an error with its status, a silent server one of time', async () => {
    await expect(ask((_request, response) => response.writeHead(503).end('later'))).rejects.toThrow(
      'InfluxDB answered 503, which is a refusal: later',
    )
    await expect(ask(() => undefined, {}, 50)).rejects.toThrow(/timeout/)
  })

  test.each([
    [{ version: '1', token: 'user:password' }, `Basic ${btoa('user:password')}`],
    [{ version: '2', token: 'abc' }, 'Token abc'],
    [{ version: '3', token: 'abc' }, 'Token abc'],
    [{}, undefined],
  ] as const)('%o is asked with authorization %s', async (target, authorization) => {
    let seen: string | undefined
    const answer = await ask((request, response) => {
      seen = request.headers.authorization
      response.end('{"results":[{"statement_id":0}]}')
    }, target)
    expect(answer).toEqual([])
    expect(seen).toBe(authorization)
  })
})
