/** The figures of the gateway, as Prometheus reads them. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { ForwarderFigures, TelemetryFigures } from './model/telemetry.ts'

export type Metrics = ReturnType<typeof createMetrics>

/** What is read only when somebody asks. */
export type Gauges = {
  readonly openAlarms: () => number
  readonly owedDeliveries: () => number
  readonly mqttConnections: () => number
  readonly reachablePoints: () => number
  /** By reason, since the start. */
  readonly brokerRefusals: () => ReadonlyMap<string, number>
  readonly telemetry: () => TelemetryFigures
  /** Undefined: there is nowhere to forward to. */
  readonly forwarding: () => ForwarderFigures | undefined
  /** By line. */
  readonly serial: () => ReadonlyMap<string, { readonly bytesIn: number; readonly bytesOut: number }>
}

const tickBuckets = [0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5]
const intakeBuckets = [0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.05, 0.2, 1]

const gauge = (registry: Registry, name: string, help: string, read: () => number): Gauge =>
  new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      this.set(read())
    },
  })

export const createMetrics = (gauges: Gauges) => {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Counter({ name, help, labelNames: [...labelNames], registers: [registry] })

  gauge(registry, 'anling_open_alarms', 'Alarms that still need a person', gauges.openAlarms)
  gauge(registry, 'anling_owed_deliveries', 'Deliveries that are owed and not settled', gauges.owedDeliveries)
  gauge(registry, 'anling_mqtt_connections', 'MQTT connections', gauges.mqttConnections)
  gauge(
    registry,
    'anling_reachable_points',
    'Service points with a terminal connected',
    gauges.reachablePoints,
  )
  const total = (
    name: string,
    about: { readonly help: string; readonly label?: string },
    read: () => Iterable<readonly [string, number]>,
  ): void => {
    const { help, label } = about
    new Counter({
      name,
      help,
      labelNames: label === undefined ? [] : [label],
      registers: [registry],
      collect() {
        this.reset()
        for (const [key, count] of read()) this.inc(label === undefined ? {} : { [label]: key }, count)
      },
    })
  }
  total(
    'anling_broker_refusals_total',
    { help: 'Connections closed and messages refused by the broker', label: 'reason' },
    gauges.brokerRefusals,
  )
  total('anling_telemetry_stored_total', { help: 'Samples on disk since the start' }, () => [
    ['', gauges.telemetry().stored],
  ])
  total(
    'anling_telemetry_shed_total',
    { help: 'Samples that were not stored', label: 'reason' },
    () => gauges.telemetry().shed,
  )
  total('anling_telemetry_retired_total', { help: 'Samples that made room for newer ones' }, () => [
    ['', gauges.telemetry().retired],
  ])
  gauge(registry, 'anling_telemetry_bytes', 'Size of the local store', () => gauges.telemetry().bytes)
  gauge(
    registry,
    'anling_telemetry_waiting',
    'Samples that wait for the disk',
    () => gauges.telemetry().waiting,
  )
  gauge(
    registry,
    'anling_telemetry_forward_lag',
    'Samples on disk that InfluxDB has not confirmed',
    () => gauges.forwarding()?.lag ?? 0,
  )
  total('anling_telemetry_forwarded_total', { help: 'Samples that InfluxDB has confirmed' }, () => [
    ['', gauges.forwarding()?.forwarded ?? 0],
  ])
  total('anling_telemetry_rejected_total', { help: 'Samples that InfluxDB will never take' }, () => [
    ['', gauges.forwarding()?.rejected ?? 0],
  ])
  total('anling_serial_bytes_total', { help: 'Bytes read from serial lines', label: 'line' }, () =>
    Array.from(gauges.serial(), ([line, { bytesIn }]) => [line, bytesIn] as const),
  )

  return {
    registry,
    discards: counter('anling_discards_total', 'Payloads that could not be understood', ['reason']),
    events: counter('anling_device_events_total', 'Events from devices', ['type', 'outcome']),
    alarmEvents: counter('anling_alarm_events_total', 'What happened to alarms', ['type']),
    deliveries: counter('anling_deliveries_total', 'Settled deliveries', ['kind', 'state']),
    audits: counter('anling_auditor_findings_total', 'What the auditor found', ['problem']),
    lineFrames: counter('anling_serial_frames_total', 'Sound frames of serial lines', ['line']),
    lineDiscards: counter('anling_serial_discarded_bytes_total', 'Bytes of serial lines that were no frame', [
      'line',
      'reason',
    ]),
    tickSeconds: new Histogram({
      name: 'anling_detection_tick_seconds',
      help: 'One round of time passing for every watched device and home',
      buckets: tickBuckets,
      registers: [registry],
    }),
    intakeSeconds: new Histogram({
      name: 'anling_intake_seconds',
      help: 'From a message of a device or terminal to the word that it may be acknowledged',
      buckets: intakeBuckets,
      registers: [registry],
    }),
  }
}
