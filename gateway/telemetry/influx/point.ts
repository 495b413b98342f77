/** A sample as InfluxDB keeps it: docs/telemetry.md says why it is one measurement with one tag. */
import { Point } from '@influxdata/influxdb-client'
import type { Sample } from '../../model/telemetry.ts'

export const measurement = 'sensor'

/** Columns that every row has already. A device may call a metric of its own like one of them. */
const takenNames: ReadonlySet<string> = new Set(['time', 'device'])

export const fieldOf = (metric: string): string => (takenNames.has(metric) ? `${metric}_` : metric)

/** One line of line protocol, time in ms. Undefined: nothing was measured. */
export const lineOf = ({ device, at, readings }: Sample): string | undefined => {
  const point = new Point(measurement).tag('device', device)
  for (const [metric, value] of Object.entries(readings)) point.floatField(fieldOf(metric), value)
  return point.toLineProtocol({ convertTime: () => String(at) })
}
