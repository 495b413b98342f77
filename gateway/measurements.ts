/** Telemetry put together: the local store, which is always there, and an InfluxDB that gets a copy, where one is set. */
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Clock } from './model/clock.ts'
import type { States } from './model/states.ts'
import type { ForwarderFigures, TelemetryReader, TelemetryStore } from './model/telemetry.ts'
import type { Settings } from './settings.ts'
import { createCombinedReader } from './telemetry/combined-reader.ts'
import { startForwarder } from './telemetry/forward/forwarder.ts'
import { createInfluxReader } from './telemetry/influx/influx-reader.ts'
import { openTelemetry } from './telemetry/open.ts'

/** A person waits for the curve. */
const queryTimeoutMs = 10_000

export type MeasurementsPorts = {
  readonly dataDir: string
  readonly settings: Settings['telemetry']
  readonly clock: Clock
  readonly log: Logger
}

export interface Measurements {
  readonly store: TelemetryStore
  readonly states: States
  readonly reader: TelemetryReader
  /** Undefined: no InfluxDB is set. */
  forwarding(): ForwarderFigures | undefined
  close(): Promise<void>
}

export const openMeasurements = async (ports: MeasurementsPorts): Promise<Measurements> => {
  const { dataDir, settings, clock, log } = ports
  const directory = join(dataDir, 'telemetry')
  const { store, states } = await openTelemetry({ directory, clock, log, limits: settings })
  const { url, ...target } = settings.influx
  const influx = url === undefined ? undefined : { url, ...target }
  const forwarder = influx && startForwarder({ directory, influx, log })
  const reader = createCombinedReader({
    local: store,
    influx: influx && createInfluxReader({ ...influx, timeoutMs: queryTimeoutMs }),
    log,
  })
  return {
    store,
    states,
    reader,
    forwarding: () => forwarder?.figures(),
    async close() {
      await store.close()
      await forwarder?.close()
    },
  }
}
