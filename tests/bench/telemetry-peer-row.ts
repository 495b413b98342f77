/** The same measurements through a flow tool: mosquitto, Node-RED and its file node. */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { layOutTown } from '../support/load-town.ts'
import { withTemporaryDirectory } from '../support/temporary-directory.ts'
import { benchPoints } from './alarm-rows.ts'
import { startMosquitto } from './mosquitto.ts'
import { startNodeRed } from './node-red.ts'
import { type PadResult, startPads, withPads } from './pad-load.ts'
import { peakResidentBytes, type Used, whileUsing } from './process-usage.ts'
import type { TelemetryLoad } from './telemetry-rows.ts'

export type TelemetryPeer = {
  readonly load: TelemetryLoad
  readonly pads: PadResult
  readonly written: number
  /** Lines in the file by the time it stopped growing, over that time. */
  readonly writtenPerSecond: number
  readonly peakBytes: number
  readonly used: Used
}

/** A file that has not grown for so long will not. */
const quietMs = 3_000
const lookEveryMs = 200
const newline = 0x0a

const sizeOf = async (path: string): Promise<number> => (await stat(path).catch(() => undefined))?.size ?? 0

/** Answers when it grew last, on `performance.now()`. */
const untilQuiet = async (path: string): Promise<number> => {
  let [size, grewAt] = [await sizeOf(path), performance.now()]
  while (performance.now() - grewAt < quietMs) {
    await pause(lookEveryMs)
    const now = await sizeOf(path)
    if (now !== size) [size, grewAt] = [now, performance.now()]
  }
  return grewAt
}

const countLines = async (path: string): Promise<number> => {
  let lines = 0
  const chunks: AsyncIterable<Buffer> = createReadStream(path)
  for await (const chunk of chunks) for (const byte of chunk) if (byte === newline) lines += 1
  return lines
}

export const measureTelemetryPeer = (load: TelemetryLoad): Promise<TelemetryPeer> =>
  withTemporaryDirectory(async directory => {
    const { town, pads } = withPads(layOutTown(benchPoints, load.devices), 0)
    const broker = await startMosquitto(directory)
    const flow = await startNodeRed(directory, broker.url, { flow: 'measurements', town })
    const count = load.ratePerSecond * load.seconds
    const generator = await startPads({ url: broker.url, pads, ratePerSecond: load.ratePerSecond, count })
    try {
      const startedAt = performance.now()
      const { result, ...used } = await whileUsing(flow.pid, async () => ({
        pads: await generator.go(),
        grewAt: await untilQuiet(flow.journal),
      }))
      const { pads: acknowledged, grewAt } = result
      const written = await countLines(flow.journal)
      return {
        load,
        pads: acknowledged,
        written,
        writtenPerSecond: written / ((grewAt - startedAt) / 1000),
        peakBytes: await peakResidentBytes(flow.pid),
        used,
      }
    } finally {
      await generator.end()
      await flow.stop()
      await broker.stop()
    }
  })
