/**
 * What the gateway keeps on disk: opened in the order in which one needs the other, closed the other way round. The journal
 * closes last: until then whatever still happens can be committed.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { openAccess } from './access/access.ts'
import { keysOfAccess } from './access/needed-keys.ts'
import { keyFileOf } from './backups.ts'
import { openCards } from './cards/cards.ts'
import { openCare } from './care/care.ts'
import { openSqliteJournal } from './journal/sqlite/adapter.ts'
import { createKeeper } from './keeper.ts'
import { isUnsound, openOrSetAside } from './kit/unsound.ts'
import { openMeasurements } from './measurements.ts'
import { presetLevels } from './model/care.ts'
import type { Clock } from './model/clock.ts'
import type { ResidentId } from './model/ids.ts'
import type { Registry } from './model/registry.ts'
import type { Scope } from './model/scope.ts'
import type { KeyRing } from './model/vault.ts'
import { keysOfItems } from './privacy/items.ts'
import { openPersonal } from './privacy/personal.ts'
import { openVault } from './privacy/vault.ts'
import { keysOfRegistry } from './registry/needed-keys.ts'
import { openRegistry } from './registry/registry.ts'
import type { Settings } from './settings.ts'
import { openShift } from './shift/shift.ts'

export type StoresPorts = {
  readonly settings: Settings
  readonly clock: Clock
  readonly sessionClock: Clock
  readonly log: Logger
  readonly onFatal: (reason: string) => void
}

export type Stores = Awaited<ReturnType<typeof openStores>>

/** The gateway cannot start like this, and a person can mend it: its message says how. */
export class CannotStart extends Error {}

/** What is not sound is set aside when it is opened, and needs no key. */
const neededBy = (keysOf: (directory: string) => readonly string[], directory: string): readonly string[] => {
  try {
    return keysOf(directory)
  } catch (error) {
    if (isUnsound(error)) return []
    throw error
  }
}

const openKeys = ({ settings, clock, log }: StoresPorts): KeyRing => {
  const directory = settings.data.dir
  const opened = openVault({
    file: keyFileOf(settings),
    randomBytes,
    neededKeys: [
      ...keysOfRegistry(directory),
      ...neededBy(keysOfItems, directory),
      ...neededBy(keysOfAccess, directory),
    ],
    clock,
    log,
  })
  if ('problem' in opened) throw new CannotStart(opened.problem)
  return opened.vault
}

/** Institutions are not in the registry: their ids are names that people agree on. */
const scopeExists =
  (registry: Registry) =>
  (scope: Scope): boolean => {
    if ('area' in scope) return registry.get('areas', scope.area) !== undefined
    if ('point' in scope) return registry.get('servicePoints', scope.point) !== undefined
    return 'institution' in scope || registry.get('residents', scope.resident) !== undefined
  }

const openAccessOf = ({ settings, sessionClock, log }: StoresPorts, keys: KeyRing, registry: Registry) =>
  openAccess({
    directory: settings.data.dir,
    clock: sessionClock,
    randomBytes,
    limits: {
      idleMs: settings.sessions.idleMinutes * 60_000,
      absoluteMs: settings.sessions.absoluteHours * 3_600_000,
    },
    vault: keys,
    scopeExists: scopeExists(registry),
    ...(settings.admin.password !== undefined && { initialAdminPassword: settings.admin.password }),
    log,
  })

/**
 * Without the journal and the registry no call can be taken; without the rest it can.
 * Rejects with `CannotStart` where a person must mend something.
 */
export const openStores = async (ports: StoresPorts) => {
  const { settings, clock, log } = ports
  const directory = settings.data.dir
  mkdirSync(directory, { recursive: true })
  const orSetAside = <T>(file: string, open: () => T | Promise<T>): Promise<T> =>
    openOrSetAside(join(directory, file), open, log)
  const keys = openKeys(ports)
  const journal = await openSqliteJournal({
    directory,
    log,
    onDead: reason => ports.onFatal(`the journal's writer has ended: ${reason}`),
  })
  const registry = await openRegistry({ directory, vault: keys, log })
  const personal = await orSetAside('personal.db', () =>
    openPersonal({ directory, vault: keys, newId: randomUUID, log }),
  )
  const access = await orSetAside('access.db', () => openAccessOf(ports, keys, registry))
  const measurements = await openMeasurements({
    dataDir: directory,
    settings: settings.telemetry,
    clock,
    log,
  })
  const keeper = await createKeeper(measurements.states, clock)
  const care = await orSetAside('care.db', () =>
    openCare({
      directory,
      clock,
      presetOf: (resident: ResidentId) =>
        presetLevels.find(level => level === registry.get('residents', resident)?.abilityLevel),
      log,
    }),
  )

  const shift = await orSetAside('shift.db', () => openShift({ directory, clock }))

  // By the clock of people: an hour that somebody was promised is one.
  const cards = await orSetAside('cards.db', () =>
    openCards({ directory, clock: ports.sessionClock, randomBytes, log }),
  )

  return {
    keys,
    journal,
    registry,
    personal,
    access,
    measurements,
    keeper,
    care,
    cards,
    shift,
    async close() {
      access.close()
      cards.close()
      care.close()
      shift.close()
      personal.close()
      await measurements.close()
      await registry.close()
      await journal.close()
    },
  }
}
