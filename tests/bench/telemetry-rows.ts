/**
 * Thousands of bed pads at once into the local store, with or without an InfluxDB behind it, while buttons are pressed.
 * Takes a rate; gives what was acknowledged, what is on disk, and what it did to the presses.
 */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { readMetric } from '../support/api-client.ts'
import { eventually } from '../support/eventually.ts'
import type { GatewayProcess } from '../support/gateway-process.ts'
import { database, type Influxd, prepareInfluxd } from '../support/influxd.ts'
import { layOutTown } from '../support/load-town.ts'
import { withTemporaryDirectory } from '../support/temporary-directory.ts'
import { benchPoints, startGatewayJob } from './alarm-rows.ts'
import { type Measured, measurePresses, warmUpPresses } from './fleet.ts'
import { type PadResult, startPads, withPads } from './pad-load.ts'
import { peakResidentBytes, type Used, whileUsing } from './process-usage.ts'

export type TelemetryLoad = {
  readonly ratePerSecond: number
  readonly seconds: number
  readonly devices: number
}

export type Forwarded = {
  /** Stored, and not confirmed by InfluxDB when the last message was acknowledged. */
  readonly lagAtEnd: number
  /** NaN: it was not 0 in time. */
  readonly caughtUpInMs: number
  readonly points: number
  readonly rejected: number
}

export type Telemetry = {
  readonly load: TelemetryLoad
  readonly pads: PadResult
  readonly presses: Measured
  readonly onDisk: number
  /** What the gateway says that it let go of, as it may when too much waits for the disk. */
  readonly shed: number
  readonly peakBytes: number
  readonly used: Used
  readonly forwarded?: Forwarded
}

const pressesPerSecond = 20
const catchUpLimitMs = 120_000
/** A hundredth of the PUBACKs may be later than this, and the last one no later after the last message. */
const keptUpMs = 2_000

/** Nothing lost, and the gateway was never far behind. */
export const isHeld = ({ load, pads, onDisk }: Telemetry): boolean =>
  pads.acknowledged === pads.sent &&
  onDisk === pads.sent &&
  pads.drainMs <= keptUpMs &&
  pads.toPuback.p99Ms <= keptUpMs &&
  pads.achievedPerSecond >= 0.99 * load.ratePerSecond

/** After the gateway has stopped: rows that have all five values. */
const countOnDisk = async (dataDir: string): Promise<number> => {
  const directory = join(dataDir, 'telemetry')
  const dayFiles = (await readdir(directory)).filter(name => /^\d{4}-\d\d-\d\d\.db$/.test(name))
  let rows = 0
  for (const name of dayFiles) {
    const day = new DatabaseSync(join(directory, name), { readOnly: true })
    const counted = day
      .prepare('SELECT COUNT(heartRate + respirationRate + inBed + movement + quality) AS rows FROM samples')
      .get()
    rows += Number(counted?.['rows'])
    day.close()
  }
  return rows
}

const startInflux = async (directory: string): Promise<Influxd> => {
  const influxd = await prepareInfluxd(directory)
  await influxd.start()
  await influxd.ask(`CREATE DATABASE ${database}`)
  return influxd
}

const settingsFor = (influxd: Influxd) => ({
  ANLING_INFLUX_URL: influxd.url,
  ANLING_INFLUX_VERSION: '1',
  ANLING_INFLUX_BUCKET: database,
})

/** The lag is told by the forwarder's thread, now and then: it is believed once all that was stored is confirmed. */
const awaitForwarded = async ({ httpUrl }: GatewayProcess, influxd: Influxd): Promise<Forwarded> => {
  const figure = (name: string) => readMetric(httpUrl, `anling_telemetry_${name}`)
  const behind = async () => (await figure('stored_total')) - (await figure('forwarded_total'))
  const [startedAt, lagAtEnd] = [performance.now(), await behind()]
  const caughtUpInMs = await eventually(
    'InfluxDB has confirmed everything',
    async () => ((await behind()) <= 0 ? performance.now() - startedAt : undefined),
    catchUpLimitMs,
  ).catch(() => Number.NaN)
  const [counts] = await influxd.ask('SELECT COUNT("heartRate") FROM "sensor"')
  return {
    lagAtEnd,
    caughtUpInMs,
    points: Number(counts?.[1] ?? 0),
    rejected: await figure('rejected_total'),
  }
}

const measureIn = async (directory: string, load: TelemetryLoad, influxd?: Influxd): Promise<Telemetry> => {
  const presses = pressesPerSecond * load.seconds
  const pressing = warmUpPresses + presses
  const { town, pads } = withPads(layOutTown(benchPoints, pressing + load.devices), pressing)
  const env = influxd ? settingsFor(influxd) : {}
  const dataDir = join(directory, 'data')
  const { gateway, job } = await startGatewayJob(dataDir, town, { env })
  const generator = await startPads({
    url: gateway.mqttUrl,
    pads,
    ratePerSecond: load.ratePerSecond,
    count: load.ratePerSecond * load.seconds,
  })
  try {
    let measured: (Used & { result: PadResult }) | undefined
    let forwarded: Forwarded | undefined
    const pressed = await measurePresses(
      job,
      { ratePerSecond: pressesPerSecond, count: presses },
      async () => {
        measured = await whileUsing(gateway.pid, generator.go)
        if (influxd) forwarded = await awaitForwarded(gateway, influxd)
      },
    )
    if (!measured) throw new Error('nothing was measured')
    const { result, ...used } = measured
    const peakBytes = await peakResidentBytes(gateway.pid)
    const shed = await readMetric(gateway.httpUrl, 'anling_telemetry_shed_total')
    await gateway.stop()
    const onDisk = await countOnDisk(dataDir)
    const figures = { load, pads: result, presses: pressed, onDisk, shed, peakBytes, used }
    return forwarded ? { ...figures, forwarded } : figures
  } finally {
    await generator.end()
    await gateway.kill()
  }
}

export const measureTelemetry = (load: TelemetryLoad): Promise<Telemetry> =>
  withTemporaryDirectory(directory => measureIn(directory, load))

/** The same, and an InfluxDB 1.6 on the same machine gets a copy of everything. */
export const measureForwarding = (load: TelemetryLoad): Promise<Telemetry> =>
  withTemporaryDirectory(async directory => {
    const influxd = await startInflux(directory)
    try {
      return await measureIn(directory, load, influxd)
    } finally {
      await influxd.kill()
    }
  })
