/** What goes on by itself, or on request, with personal data: erasure and export, retention, the rotation of keys. */

import type { Logger } from 'pino'
import type { Clock } from './model/clock.ts'
import { createPersonalData } from './privacy/personal-data.ts'
import { createRetention } from './privacy/retention.ts'
import { createRotation } from './privacy/rotation.ts'
import type { Settings } from './settings.ts'
import type { Stores } from './stores.ts'

export type PrivacyWorkPorts = {
  readonly settings: Settings
  readonly stores: Stores
  readonly clock: Clock
  readonly log: Logger
}

export const createPrivacyWork = ({ settings, stores, clock, log }: PrivacyWorkPorts) => {
  const { registry, journal, care, access, personal, measurements, keys } = stores
  const { trail } = journal
  const { url: influxUrl } = settings.telemetry.influx
  const personalData = createPersonalData({
    registry,
    journal,
    care,
    telemetry: measurements.store,
    papers: personal.papers,
    consents: personal.consents,
    clock,
    ...(influxUrl !== undefined && { influxUrl }),
  })
  const rotation = createRotation({
    keys,
    sealed: [registry.sealed, personal.sealed, access.sealed],
    clock,
    trail,
    log,
  })
  const retention = createRetention({
    papers: personal.papers,
    personalData,
    registry,
    trail,
    clock,
    limits: settings.privacy,
    log,
  })
  return {
    personalData,
    rotation,
    stop() {
      retention.stop()
      rotation.stop()
    },
  }
}
