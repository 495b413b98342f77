/**
 * What the gateway keeps on disk: opened in the order in which one needs the other, closed the other way round. The journal
 * closes last: until then whatever still happens can be committed.
 */
import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import type { Logger } from 'pino'
import { openAccess } from './access/access.ts'
import { openCare } from './care/care.ts'
import { openSqliteJournal } from './journal/sqlite/adapter.ts'
import { createKeeper } from './keeper.ts'
import { openMeasurements } from './measurements.ts'
import { presetLevels } from './model/care.ts'
import type { Clock } from './model/clock.ts'
import type { ResidentId } from './model/ids.ts'
import { openRegistry } from './registry/registry.ts'
import type { Settings } from './settings.ts'

export type StoresPorts = {
  readonly settings: Settings
  readonly clock: Clock
  readonly sessionClock: Clock
  readonly log: Logger
  readonly onFatal: (reason: string) => void
}

export type Stores = Awaited<ReturnType<typeof openStores>>

const openAccessOf = ({ settings, sessionClock, log }: StoresPorts) =>
  openAccess({
    directory: settings.data.dir,
    clock: sessionClock,
    randomBytes,
    limits: {
      idleMs: settings.sessions.idleMinutes * 60_000,
      absoluteMs: settings.sessions.absoluteHours * 3_600_000,
    },
    ...(settings.admin.password !== undefined && { initialAdminPassword: settings.admin.password }),
    log,
  })

export const openStores = async (ports: StoresPorts) => {
  const { settings, clock, log } = ports
  const directory = settings.data.dir
  mkdirSync(directory, { recursive: true })
  const journal = await openSqliteJournal({
    directory,
    log,
    onDead: reason => ports.onFatal(`the journal's writer has ended: ${reason}`),
  })
  const registry = await openRegistry({ directory, log })
  const access = await openAccessOf(ports)
  const measurements = await openMeasurements({
    dataDir: directory,
    settings: settings.telemetry,
    clock,
    log,
  })
  const keeper = await createKeeper(measurements.states, clock)
  const care = openCare({
    directory,
    clock,
    presetOf: (resident: ResidentId) =>
      presetLevels.find(level => level === registry.get('residents', resident)?.abilityLevel),
    log,
  })

  return {
    journal,
    registry,
    access,
    measurements,
    keeper,
    care,
    async close() {
      access.close()
      care.close()
      await measurements.close()
      await registry.close()
      await journal.close()
    },
  }
}
