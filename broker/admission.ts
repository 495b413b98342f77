/** Who may still connect: bounds in total, per address, and per address before the login. */
import type { BrokerLimits, BrokerRefusal } from './types.ts'

export type Admitted = {
  /** It has logged in: it no longer counts as pending. */
  readonly loggedIn: () => void
  /** It has gone. */
  readonly leave: () => void
}

type Bounds = Pick<BrokerLimits, 'maxConnections' | 'maxConnectionsPerAddress' | 'maxPendingPerAddress'>

export const createAdmission = (bounds: Bounds) => {
  const addresses = new Map<string, { open: number; pending: number }>()
  let open = 0

  const enter = (address: string): Admitted | BrokerRefusal => {
    const here = addresses.get(address) ?? { open: 0, pending: 0 }
    if (open >= bounds.maxConnections) return 'too-many-connections'
    if (here.open >= bounds.maxConnectionsPerAddress || here.pending >= bounds.maxPendingPerAddress) {
      return 'too-many-connections-from-address'
    }
    addresses.set(address, here)
    open += 1
    here.open += 1
    here.pending += 1

    let pending = 1
    const loggedIn = () => {
      here.pending -= pending
      pending = 0
    }
    const leave = () => {
      loggedIn()
      open -= 1
      here.open -= 1
      if (here.open === 0) addresses.delete(address)
    }
    return { loggedIn, leave }
  }

  return {
    enter,
    get open() {
      return open
    },
  }
}
