/** How a device comes to its secret: by a person with its claim code, by itself at first contact, or anew. */
import { makeSecret, type RandomBytes } from '../kit/secret-seal.ts'
import type { Clock } from '../model/clock.ts'
import type { Refusal } from '../model/errors.ts'
import type { DeviceId, Instant } from '../model/ids.ts'
import { type By, type Provisioning } from '../model/provisioning.ts'
import type { Registry } from '../model/registry.ts'
import type { Book } from './book.ts'
import type { ClaimCodes } from './claim-codes.ts'

/** So long after the device was told the new one, the old one ends, used or not. */
const oldSecretMs = 24 * 3_600_000
/** A disk that refuses is asked again: until then the device has two secrets. */
const retryMs = 60_000
/** A device that is connected is waited for so long; it has both secrets either way. */
const sendTimeoutMs = 5_000

export type SecretPorts = {
  readonly book: Book
  readonly codes: ClaimCodes
  readonly registry: Registry
  readonly clock: Clock
  readonly randomBytes: RandomBytes
  /** To the device, on its `config`. True: it has it, or a broker that hands it on. */
  readonly send: (device: DeviceId, config: { readonly secret: string }) => Promise<boolean>
  readonly disconnect: (device: DeviceId) => void
  /** Who acts when a device does something by itself. */
  readonly firstContact: By
  readonly log: { error(facts: object, message: string): void }
}

type Secrets = Pick<Provisioning, 'claim' | 'offerSecret' | 'secretTaken'> & {
  changeSecret(
    device: DeviceId,
    by: By,
    forced?: 'forced',
  ): Promise<{ readonly secret: string; readonly oldUntil: Instant } | Refusal>
  /** False: it was not there, or did not say in time that it has it. */
  send(device: DeviceId, secret: string): Promise<boolean>
  /** It has logged in: if that was with an offered secret, its claim is done. */
  settle(device: DeviceId): Promise<void>
  stop(): void
}

const unconfirmed: Refusal = {
  refused: 'wrong-life-state',
  detail: 'it has not used its new secret yet, and may hold it all the same',
  facts: { unconfirmed: true },
}

export const createSecrets = (ports: SecretPorts): Secrets => {
  const { book, codes, registry, clock, randomBytes, log } = ports
  const endings = new Map<DeviceId, () => void>()
  /** Those that have said, since the start, that they have their new secret. */
  const told = new Set<DeviceId>()

  const endOldSecretIn = (device: DeviceId, delayMs: number): void => {
    endings.get(device)?.()
    endings.set(
      device,
      clock.after(delayMs, () => endOldSecret(device)),
    )
  }
  const endOldSecret = (device: DeviceId): void => {
    endings.delete(device)
    if (book.get(device)?.life.oldSecretUntil === undefined) return
    // It may have been without power, or asleep until it is pressed: without the old one it could not ring any more.
    if (registry.offersSecret(device) && !told.has(device)) return endOldSecretIn(device, oldSecretMs)
    const promoted = registry.promoteSecret(device)
    const ended =
      typeof promoted === 'boolean'
        ? book.act(device, { type: 'end-old-secret' }, ports.firstContact)
        : promoted
    if (!('refused' in ended)) return
    log.error({ device, refused: ended }, 'an old secret could not be ended yet')
    endOldSecretIn(device, retryMs)
  }
  const waitFor = (until: Instant): number => Math.min(Math.max(until - clock.now(), 0), oldSecretMs)
  for (const { life } of book.all())
    if (life.oldSecretUntil !== undefined) endOldSecretIn(life.device, waitFor(life.oldSecretUntil))

  return {
    /** The secret first: without it the code would be used up for nothing. */
    async claim(claim, by) {
      const { device } = claim
      const opened = codes.opens(claim)
      if (opened !== true) return opened
      const secret = makeSecret(randomBytes)
      const patched = await registry.patch('devices', device, { secret })
      if ('refused' in patched) return patched
      const claimed = book.act(device, { type: 'claim' }, by)
      if ('refused' in claimed) return claimed
      ports.disconnect(device)
      return { secret }
    },

    /** The end of the old secret first: it is looked after, whatever happens to this process. */
    async changeSecret(device, by, forced) {
      if (registry.offersSecret(device) && !forced) return unconfirmed
      const oldUntil = clock.now() + oldSecretMs
      const changed = book.act(device, { type: 'change-secret', oldUntil }, by)
      if ('refused' in changed) return changed
      const secret = makeSecret(randomBytes)
      const refused = registry.offerSecret(device, secret)
      if (refused) return refused
      told.delete(device)
      endOldSecretIn(device, oldSecretMs)
      return { secret, oldUntil }
    },

    send: (device, secret) =>
      new Promise(resolve => {
        const giveUp = (): void => resolve(false)
        const cancel = clock.after(sendTimeoutMs, giveUp)
        const onSent = (isTold: boolean): void => {
          if (isTold) told.add(device)
          resolve(isTold)
        }
        void ports.send(device, { secret }).then(onSent, giveUp).finally(cancel)
      }),

    async offerSecret(device) {
      const planned = book.plan(device, { type: 'offer-secret' })
      if ('refused' in planned) return planned
      const secret = makeSecret(randomBytes)
      const refused = registry.offerSecret(device, secret) ?? book.write([planned], ports.firstContact)
      return refused ?? { secret }
    },

    async secretTaken(device, secret) {
      if (registry.promoteSecret(device, Buffer.from(secret)) !== true) return
      book.act(device, { type: 'take-secret' }, ports.firstContact)
    },

    async settle(device) {
      if (book.get(device)?.life.offered && !registry.offersSecret(device))
        book.act(device, { type: 'take-secret' }, ports.firstContact)
    },

    stop() {
      for (const cancel of endings.values()) cancel()
    },
  }
}
