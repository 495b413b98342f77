/** Debian's VictoriaMetrics on a port of its own: a receiver of InfluxDB's write address that shares no code with it. */
import { join } from 'node:path'
import { freePort } from './free-port.ts'
import { type ServerProcess, serverProcess } from './server-process.ts'

export type VictoriaMetrics = ServerProcess & {
  /** All points of a metric (`sensor_heartRate`), as time in ms and value, by device. */
  points(metric: string): Promise<ReadonlyMap<string, readonly (readonly [number, number])[]>>
}

type Line = {
  readonly metric: { readonly device: string }
  readonly timestamps: readonly number[]
  readonly values: readonly number[]
}

export const prepareVictoriaMetrics = async (parent: string): Promise<VictoriaMetrics> => {
  const port = await freePort()
  const server = serverProcess({
    program: '/usr/bin/victoria-metrics',
    arguments: [
      `-httpListenAddr=127.0.0.1:${port}`,
      `-storageDataPath=${join(parent, 'victoria-metrics')}`,
      '-retentionPeriod=100y',
      // It keeps a point that was written twice, unless told that equal times are one.
      '-dedup.minScrapeInterval=1ms',
    ],
    port,
    healthPath: '/health',
  })
  return {
    ...server,
    async points(metric) {
      // New points are held in memory for a moment before they can be asked for.
      await fetch(`${server.url}/internal/force_flush`)
      const response = await fetch(`${server.url}/api/v1/export?match[]=${metric}&reduce_mem_usage=0`)
      const lines = (await response.text()).split('\n').filter(Boolean)
      return new Map(
        lines.map(text => {
          const { metric, timestamps, values }: Line = JSON.parse(text)
          return [metric.device, timestamps.map((at, index) => [at, values[index] ?? Number.NaN] as const)]
        }),
      )
    },
  }
}
