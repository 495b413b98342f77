/** The figures of the gateway, as Prometheus reads them. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

export type Metrics = ReturnType<typeof createMetrics>

/** What is read only when somebody asks. */
export type Gauges = {
  readonly openAlarms: () => number
  readonly owedDeliveries: () => number
  readonly mqttConnections: () => number
  readonly reachablePoints: () => number
  /** By reason, since the start. */
  readonly brokerRefusals: () => ReadonlyMap<string, number>
}

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
  new Counter({
    name: 'anling_broker_refusals_total',
    help: 'Connections closed and messages refused by the broker',
    labelNames: ['reason'],
    registers: [registry],
    collect() {
      this.reset()
      for (const [reason, count] of gauges.brokerRefusals()) this.inc({ reason }, count)
    },
  })

  return {
    registry,
    discards: counter('anling_discards_total', 'Payloads that could not be understood', ['reason']),
    events: counter('anling_device_events_total', 'Events from devices', ['type', 'outcome']),
    alarmEvents: counter('anling_alarm_events_total', 'What happened to alarms', ['type']),
    deliveries: counter('anling_deliveries_total', 'Settled deliveries', ['kind', 'state']),
    audits: counter('anling_auditor_findings_total', 'What the auditor found', ['problem']),
    intakeSeconds: new Histogram({
      name: 'anling_intake_seconds',
      help: 'From a message of a device or terminal to the word that it may be acknowledged',
      buckets: intakeBuckets,
      registers: [registry],
    }),
  }
}
