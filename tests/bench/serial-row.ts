/**
 * Serial lines that never pause, as serial device servers: what the gateway spends on them. Once with devices that nobody
 * has registered, whose frames are read, checked and counted; once with registered ones, whose frames are also judged
 * and stored.
 */
import { z } from 'zod'
import { readMetric } from '../support/api-client.ts'
import { eventually } from '../support/eventually.ts'
import { layOutTown } from '../support/load-town.ts'
import { withTemporaryDirectory } from '../support/temporary-directory.ts'
import { startGatewayJob } from './alarm-rows.ts'
import { startGenerator } from './child.ts'
import { whileUsing } from './process-usage.ts'

export const SerialJob = z.object({
  lines: z.number(),
  bytesPerSecond: z.number(),
  padsPerLine: z.number(),
  seconds: z.number(),
})
export type SerialJob = z.infer<typeof SerialJob>

export type Serial = {
  readonly job: SerialJob
  readonly isStored: boolean
  readonly sent: number
  readonly counted: number
  readonly discardedBytes: number
  readonly stored: number
  readonly shed: number
  readonly cpuPercent: number
}

/** 8N1: ten bits a byte. */
const bytesPerSecond = 115_200 / 10
/** A line is shared by many: so a pad speaks some three times a second, and no two of its frames share a moment. */
const padsPerLine = 200
const points = 4
const countLimitMs = 60_000

const townOf = ({ lines }: SerialJob) => {
  const town = layOutTown(points, lines * padsPerLine)
  const devices = town.homes.map((home, index) => ({
    id: `pad-${home.id}`,
    model: 'native/bed-pad',
    home: home.id,
    room: 'bedroom',
    transport: {
      serial: { line: `line-${index % lines}`, number: Math.floor(index / lines) + 1 },
    },
  }))
  return { ...town, document: { ...town.document, devices } }
}

const settingsFor = (ports: readonly number[]) => ({
  serial: {
    lines: ports.map((port, index) => ({
      id: `line-${index}`,
      path: `tcp://127.0.0.1:${port}`,
      protocol: 'native',
    })),
  },
})

export const measureSerial = (lines: number, seconds: number, isStored: boolean): Promise<Serial> =>
  withTemporaryDirectory(async directory => {
    const job = { lines, bytesPerSecond, padsPerLine, seconds }
    const generator = await startGenerator(new URL('./serial-process.ts', import.meta.url), job, {
      ready: z.array(z.number()),
      result: z.number(),
    })
    const settings = settingsFor(generator.ready)
    const town = townOf(job)
    const document = isStored ? town.document : { ...town.document, devices: [] }
    const { gateway } = await startGatewayJob(directory, { ...town, document }, { settings })
    const figure = (name: string) => readMetric(gateway.httpUrl, name)
    try {
      const { result: sent, cpuPercent } = await whileUsing(gateway.pid, generator.go)
      const counted = () => figure('anling_serial_frames_total')
      await eventually(
        'all frames are counted',
        async () => (await counted()) >= sent || undefined,
        countLimitMs,
      )
        // What is missing then is a figure of this row.
        .catch(() => {})
      const settled = async () => (await figure('anling_telemetry_waiting')) === 0 || undefined
      await eventually('nothing waits for the disk', settled, countLimitMs)
      return {
        job,
        isStored,
        sent,
        counted: await counted(),
        discardedBytes: await figure('anling_serial_discarded_bytes_total'),
        stored: await figure('anling_telemetry_stored_total'),
        shed: await figure('anling_telemetry_shed_total'),
        cpuPercent,
      }
    } finally {
      await generator.end()
      await gateway.kill()
    }
  })
