/** Figures by which somebody learns in time that a certificate ends, an anchor does not hold, or MQTT is open in clear. */
import { Counter, Gauge, type Registry } from 'prom-client'
import type { AnchorFigures } from './anchor.ts'

export type SecurityFigures = {
  /** By listener. */
  readonly certificates: () => Iterable<readonly [string, { readonly daysLeft: () => number }]>
  readonly anchors: () => AnchorFigures
  readonly isPlainOffLoopback: () => boolean
}

export const addSecurityMetrics = (registry: Registry, figures: SecurityFigures): void => {
  const registers = [registry]
  new Gauge({
    name: 'anling_tls_days_left',
    help: 'Until the certificate in use expires',
    labelNames: ['listener'],
    registers,
    collect() {
      for (const [listener, { daysLeft }] of figures.certificates()) this.set({ listener }, daysLeft())
    },
  })
  new Gauge({
    name: 'anling_mqtt_in_clear',
    help: '1: devices off the loopback may come in without TLS',
    registers,
    collect() {
      this.set(figures.isPlainOffLoopback() ? 1 : 0)
    },
  })
  new Gauge({
    name: 'anling_anchored_timestamp_seconds',
    help: 'When the heads of the chains were anchored last; 0: not since the start',
    registers,
    collect() {
      this.set((figures.anchors().anchoredAt ?? 0) / 1_000)
    },
  })
  new Counter({
    name: 'anling_anchor_failures_total',
    help: 'Tries to anchor that failed',
    registers,
    collect() {
      this.reset()
      this.inc(figures.anchors().failures)
    },
  })
}
