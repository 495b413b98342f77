/** Who a client of the embedded broker is: by a certificate, by its secret, or by the code with which it is claimed. */
import type { BrokerHooks, LoginRefusal } from '../broker/types.ts'
import { isBridge } from './addresses.ts'
import type { DeviceLocks } from './device-locks.ts'
import type { DeviceId } from './model/ids.ts'
import type { Registry } from './model/registry.ts'
import { type Party, whoIs } from './parties.ts'
import { identityOf } from './transport/access-rules.ts'

/** A device that has no secret yet shows its claim code and asks for one. */
export interface FirstContact {
  authenticate(device: DeviceId, password: Uint8Array): boolean
  /** Resolves true when its message may be acknowledged. */
  onMessage(device: DeviceId): Promise<boolean>
}

export type DeviceLoginPorts = {
  readonly registry: Pick<Registry, 'get' | 'checkSecret'>
  /** Absent: guessing is not slowed down. */
  readonly locks?: DeviceLocks
  readonly firstContact: FirstContact
}

const notAuthenticated: LoginRefusal = { refused: 'not-authenticated' }

export const createDeviceLogin = (ports: DeviceLoginPorts): BrokerHooks['authenticate'] => {
  const { registry, locks, firstContact } = ports

  const isKnownBridge = (device: DeviceId): boolean => {
    const record = registry.get('devices', device)
    return record !== undefined && isBridge(record)
  }

  const knowsSecret = (party: Party, secret: Uint8Array): boolean => {
    switch (party.kind) {
      case 'point':
        return registry.checkSecret({ point: party.point }, secret)
      case 'claim':
        return firstContact.authenticate(party.device, secret)
      case 'bridge':
        return isKnownBridge(party.device) && registry.checkSecret({ device: party.device }, secret)
      case 'device':
        return registry.checkSecret({ device: party.device }, secret)
    }
  }

  /** A certificate says who it is, and nothing of whether that one is still ours. */
  const isInService = (party: Party): boolean => {
    const record =
      party.kind === 'point'
        ? registry.get('servicePoints', party.point)
        : registry.get('devices', party.device)
    if (!record || record.suspended === true || party.kind === 'claim') return false
    return party.kind !== 'bridge' || isKnownBridge(party.device)
  }

  const byCertificate = (name: string, username: string | undefined): string | undefined => {
    const identity = identityOf(name)
    const party = whoIs(identity)
    const agrees = username === undefined || username === name
    return party && agrees && isInService(party) ? identity : undefined
  }

  return ({ certificateName, username, password, address }) => {
    if (certificateName !== undefined) {
      const identity = byCertificate(certificateName, username)
      if (identity !== undefined) locks?.succeeded(identity, address)
      return identity ?? notAuthenticated
    }
    if (username === undefined || password === undefined) return notAuthenticated
    const identity = identityOf(username)
    const party = whoIs(identity)
    // Names that nobody can have are counted as one: they may be as long as a frame.
    const counted = party ? identity : ''
    if (locks?.mayTry(counted, address) === false) return { refused: 'locked' }
    if (!party || !knowsSecret(party, password)) {
      locks?.failed(counted, address)
      return notAuthenticated
    }
    // Claimed once, it comes back under another name.
    if (party.kind !== 'claim') locks?.succeeded(identity, address)
    return identity
  }
}
