/**
 * Devices that can claim themselves: with a claim code instead of a secret they may ask for a secret, and for nothing else.
 * Takes: who logs in as `claim:{device}`, and that it asks. Gives: its secret, on its `config`.
 * Never: gives two devices a secret for one code: the code is used up when the answer was acknowledged or the secret used. A
 * lost answer can be asked for again until then; the secret that was lost is void.
 */
import type { FirstContact } from './device-login.ts'
import type { DeviceId } from './model/ids.ts'
import type { Provisioning } from './model/provisioning.ts'
import type { Quotas } from './quotas.ts'
import type { PublishOutcome } from './transport/transport.ts'

/** Each ask is written to disk by the thread that calls live on. More of one device are acknowledged and not answered. */
export const asksPerMinute = 6

/** Ours alone to publish. */
export const configTopic = (device: DeviceId): string => `anling/v1/${device}/config`

export type FirstContactPorts = {
  readonly provisioning: Pick<Provisioning, 'opensClaim' | 'offerSecret' | 'secretTaken'>
  readonly publish: (identity: string, topic: string, payload: string) => Promise<PublishOutcome>
  /** Of asks. */
  readonly quotas: Quotas
  readonly log: {
    info(facts: object, message: string): void
    error(facts: object, message: string): void
  }
}

export const createFirstContact = ({
  provisioning,
  publish,
  quotas,
  log,
}: FirstContactPorts): FirstContact => {
  const tell = async (device: DeviceId, secret: string): Promise<void> => {
    const answer = JSON.stringify({ secret })
    const outcome = await publish(`claim:${device}`, configTopic(device), answer)
    if (outcome === 'acknowledged') await provisioning.secretTaken(device, secret)
    log.info({ device, outcome }, 'a claim was answered')
  }

  return {
    authenticate: (device, password) =>
      provisioning.opensClaim({ device, code: Buffer.from(password).toString('latin1') }) === true,
    async onMessage(device) {
      if (!quotas.take(device)) return true
      const offered = await provisioning.offerSecret(device)
      if ('refused' in offered) {
        log.info({ device, refused: offered.refused }, 'a device asks for a secret that it may not have')
        // What a full disk has refused can be asked for again; what is void cannot.
        return offered.refused !== 'journal-unavailable'
      }
      // Not awaited: its PUBACK comes over the connection that waits for ours.
      tell(device, offered.secret).catch((err: unknown) => log.error({ err, device }, 'no answer to a claim'))
      return true
    },
  }
}
