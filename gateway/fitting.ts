/**
 * Devices on their way into homes: their lives, the jobs of those who install them, beds, and homes in which they are tried
 * out. Puts the two stages together, with the way to the devices.
 */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { asksPerMinute, configTopic, createFirstContact } from './first-contact.ts'
import { openInstallation } from './installation/installation.ts'
import { openOrSetAside } from './kit/unsound.ts'
import type { Clock } from './model/clock.ts'
import type { Strangers } from './model/supervision.ts'
import { openProvisioning } from './provisioning/provisioning.ts'
import { createQuotas } from './quotas.ts'
import type { Settings } from './settings.ts'
import type { Stores } from './stores.ts'
import type { Transport } from './transport/transport.ts'

const dayMs = 86_400_000

/** Whatever a device can log in as. */
const loginsOf = ['device', 'bridge', 'claim']

export type FittingPorts = {
  readonly settings: Settings
  readonly stores: Stores
  readonly strangers: Strangers
  readonly transport: () => Transport
  readonly clock: Clock
  readonly log: Logger
}

export const openFitting = async ({ settings, stores, strangers, transport, clock, log }: FittingPorts) => {
  const { registry, personal } = stores
  const directory = settings.data.dir
  const provisioning = await openOrSetAside(
    join(directory, 'provisioning.db'),
    () =>
      openProvisioning({
        directory,
        registry,
        strangers,
        clock,
        randomBytes,
        claimMs: settings.provisioning.claimDays * dayMs,
        async send(device, config) {
          const outcome = await transport().publish(
            `device:${device}`,
            configTopic(device),
            JSON.stringify(config),
          )
          return outcome === 'acknowledged' || outcome === 'handed-over'
        },
        disconnect(device) {
          for (const login of loginsOf) transport().disconnect(`${login}:${device}`)
        },
        log,
      }),
    log,
  )
  const installation = await openOrSetAside(
    join(directory, 'installation.db'),
    () =>
      openInstallation({
        directory,
        registry,
        lives: provisioning,
        consents: personal.consents,
        papers: personal.papers,
        clock,
        log,
      }),
    log,
  )
  const firstContact = createFirstContact({
    provisioning,
    publish: (identity, topic, payload) => transport().publish(identity, topic, payload),
    quotas: createQuotas(asksPerMinute, () => performance.now()),
    log,
  })
  return {
    provisioning,
    installation,
    firstContact,
    testing: { modes: installation.testModes, lives: provisioning },
    async close() {
      installation.close()
      await provisioning.close()
    },
  }
}
