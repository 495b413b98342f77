/**
 * Takes: what people, and devices at first contact, do to devices from the box to the end; and the registry, whose records
 * follow.
 * Gives: the life of each device with who did what, claim codes and secrets, each shown once; how far a device is tested.
 * Never: keeps a code or secret in clear, lets a used code work again, brings a retired device back, stands in the way of
 * a call: a device without a life is at work, as it always was.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInOrder } from '../kit/in-order.ts'
import type { RandomBytes } from '../kit/secret-seal.ts'
import type { Clock } from '../model/clock.ts'
import { deviceModelOf } from '../model/device-models.ts'
import { type DeviceId, UserId } from '../model/ids.ts'
import type { By, Provisioning } from '../model/provisioning.ts'
import type { Registry } from '../model/registry.ts'
import type { Strangers } from '../model/supervision.ts'
import { createBook } from './book.ts'
import { createClaimCodes } from './claim-codes.ts'
import { cutOff } from './cut-off.ts'
import { testsFrom, untestedOf } from './decide.ts'
import { createFitting, keepOut } from './fitting.ts'
import { register } from './register.ts'
import { createSecrets } from './secrets.ts'
import { openStore } from './store.ts'

export type ProvisioningOptions = {
  /** Where `provisioning.db` lies, or `:memory:`. */
  readonly directory: string
  readonly registry: Registry
  readonly strangers: Strangers
  readonly clock: Clock
  readonly randomBytes: RandomBytes
  /** How long a claim code is good. */
  readonly claimMs: number
  /** To the device, on its `config`. Resolves true when it has it, or a broker that hands it on. */
  readonly send: (device: DeviceId, config: { readonly secret: string }) => Promise<boolean>
  /** Ends the connections of this device, whatever it has logged in as. */
  readonly disconnect: (device: DeviceId) => void
  readonly log: { error(facts: object, message: string): void }
}

const gateway: By = { id: UserId.parse('gateway'), name: '网关 gateway' }
const firstContact: By = { id: UserId.parse('first-contact'), name: '设备首次联网 first contact' }

const fileIn = (directory: string): string => {
  if (directory === ':memory:') return directory
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  return join(directory, 'provisioning.db')
}

/** Throws when the file cannot be opened or is of a later version. */
export const openProvisioning = (options: ProvisioningOptions): Provisioning => {
  const { registry, clock, randomBytes, claimMs, log } = options
  const store = openStore(fileIn(options.directory))
  const book = createBook(store, options)
  const codes = createClaimCodes({ book, clock, randomBytes, claimMs, gateway, log })
  const secrets = createSecrets({ ...options, book, codes, firstContact })
  const fitting = createFitting({ ...options, book, codes })
  const stopKeepingOut = keepOut(book, registry, log)
  const stopCuttingOff = cutOff(registry, options.disconnect)

  // Between a check and what follows from it nothing else happens to any device: people do these things one by one.
  const queue = createInOrder()
  let last: Promise<unknown> = Promise.resolve()
  const inOrder =
    <A extends readonly unknown[], R>(work: (...args: A) => Promise<R>) =>
    (...args: A): Promise<R> => {
      const result = queue('lives', () => work(...args))
      last = result.catch(() => undefined)
      return result
    }
  const homeOf = (device: DeviceId) => registry.get('devices', device)?.home
  const settle = inOrder(secrets.settle)
  const changeSecret = inOrder(secrets.changeSecret)

  return {
    of(device) {
      const life = book.get(device)?.life
      return life && { ...life, tests: testsFrom(life, homeOf(device)) }
    },
    events: book.events,
    untested(device) {
      const record = registry.get('devices', device)
      if (!record) return []
      const { triggers } = deviceModelOf(record.model)
      return untestedOf(book.get(device)?.life, { triggers, home: record.home })
    },
    triggerTested(device, test) {
      const home = homeOf(device)
      const here = home === undefined ? test : { ...test, home }
      const life = book.act(device, { type: 'trigger', test: here }, gateway)
      if ('refused' in life) log.error({ device, test, refused: life }, 'a test is not on record')
    },
    enable(device, by) {
      const life = book.act(device, { type: 'enable' }, by)
      return 'refused' in life ? life : undefined
    },
    register: inOrder((given: unknown, by: By) => register({ book, codes, registry }, given, by)),
    makeCode: inOrder(fitting.makeCode),
    claim: inOrder(secrets.claim),
    install: inOrder(fitting.install),
    async changeSecret(device, by, forced) {
      const changed = await changeSecret(device, by, forced)
      if ('refused' in changed) return changed
      // Whoever waits for a device to answer holds up nobody else.
      return { ...changed, sent: await secrets.send(device, changed.secret) }
    },
    replace: inOrder(fitting.replace),
    reset: inOrder(fitting.reset),
    suspend: inOrder(fitting.suspend),
    resume: inOrder(fitting.resume),
    retire: inOrder(fitting.retire),
    adopt: inOrder(fitting.adopt),
    opensClaim: codes.opens,
    offerSecret: inOrder(secrets.offerSecret),
    secretTaken: inOrder(secrets.secretTaken),
    connected(device) {
      if (!book.get(device)?.life.offered) return
      settle(device).catch((err: unknown) => log.error({ err, device }, 'a claim could not be settled'))
    },
    async close() {
      stopKeepingOut()
      stopCuttingOff()
      codes.stop()
      secrets.stop()
      await last
      store.close()
    },
  }
}
