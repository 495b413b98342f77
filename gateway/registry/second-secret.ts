/**
 * A device that is to change its secret has two for a while: it may never have heard of the new one. Nobody who watches the
 * registry is told: what changes is no record.
 */
import type { RandomBytes } from '../kit/secret-seal.ts'
import { opensSeal, sealSecret, secondOf, withSecond } from '../kit/secret-seal.ts'
import type { Refusal } from '../model/errors.ts'
import type { DeviceId } from '../model/ids.ts'
import type { Registry } from '../model/registry.ts'
import type { Lookup } from './lookup.ts'
import type { Change } from './store.ts'

type SecondSecretPorts = {
  readonly lookup: Lookup
  readonly randomBytes: RandomBytes
  /** On disk and in memory when it returns; throws if the disk refuses. */
  readonly write: (changes: readonly Change[]) => void
}

export const createSecondSecrets = ({
  lookup,
  randomBytes,
  write,
}: SecondSecretPorts): Pick<Registry, 'offerSecret' | 'offersSecret' | 'promoteSecret'> => {
  const reseal = (device: DeviceId, sealed: Uint8Array): Refusal | undefined => {
    const record = lookup.get('devices', device)
    if (!record) return { refused: 'not-found', detail: `there is no ${device} in devices` }
    try {
      write([{ table: 'devices', record, sealed }])
      return undefined
    } catch (error) {
      return { refused: 'journal-unavailable', detail: `the registry was not written: ${String(error)}` }
    }
  }

  return {
    offerSecret: (device, secret) =>
      reseal(device, withSecond(lookup.sealOf('devices', device), sealSecret(secret, randomBytes))),
    offersSecret: device => secondOf(lookup.sealOf('devices', device)) !== undefined,
    promoteSecret(device, secret) {
      const second = secondOf(lookup.sealOf('devices', device))
      if (!second || (secret !== undefined && !opensSeal(second, secret))) return false
      return reseal(device, second) ?? true
    },
  }
}
