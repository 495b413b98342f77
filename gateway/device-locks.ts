/**
 * Slows down guessing of the secrets of devices and terminals. Wrong ones are counted by identity and by address; beyond
 * some free ones each further one doubles the wait, and each stretch of time forgives one.
 *
 * Who comes from one of its usual addresses is always let through to the check of its secret: whatever anybody else does,
 * nobody can keep a button from ringing where it has rung before.
 */

/** A device with a wrong secret tries for ever: it must not use up what its whole district behind one address has. */
const perIdentity = { free: 5, forgivenEveryMs: 60_000 } as const
const perAddress = { free: 100, forgivenEveryMs: 1_000 } as const
const firstDelayMs = 1_000
const longestDelayMs = 60_000
/** Identities and addresses remembered. At the limit the least recently used is forgotten. */
const capacity = 10_000

type Rule = typeof perIdentity | typeof perAddress
type Failures = { readonly count: number; readonly lastMs: number; readonly lockedUntilMs: number }

/** Where identities have logged in from lately, over a restart too. */
export interface UsualAddresses {
  of(identity: string): readonly string[]
  add(identity: string, address: string): void
}

export interface DeviceLocks {
  /** May this secret be looked at? */
  mayTry(identity: string, address: string): boolean
  failed(identity: string, address: string): void
  succeeded(identity: string, address: string): void
}

export type DeviceLocksPorts = {
  readonly usual: UsualAddresses
  /** Milliseconds that only ever grow: `performance.now`. */
  readonly elapsedMs: () => number
}

export const createDeviceLocks = ({ usual, elapsedMs }: DeviceLocksPorts): DeviceLocks => {
  const failures = new Map<string, Failures>()

  const isLocked = (key: string, nowMs: number): boolean => (failures.get(key)?.lockedUntilMs ?? 0) > nowMs

  const count = (key: string, { free, forgivenEveryMs }: Rule, nowMs: number): void => {
    const before = failures.get(key)
    const forgiven = before ? (nowMs - before.lastMs) / forgivenEveryMs : 0
    const total = Math.max(0, (before?.count ?? 0) - forgiven) + 1
    const delayMs = total < free ? 0 : Math.min(firstDelayMs * 2 ** (total - free), longestDelayMs)
    // Put last, which makes the first one the least recently used.
    failures.delete(key)
    failures.set(key, { count: total, lastMs: nowMs, lockedUntilMs: nowMs + delayMs })
    if (failures.size <= capacity) return
    const [oldest] = failures.keys()
    if (oldest !== undefined) failures.delete(oldest)
  }

  const isUsual = (identity: string, address: string): boolean => usual.of(identity).includes(address)
  const byIdentity = (identity: string): string => `identity ${identity}`
  const byAddress = (address: string): string => `address ${address}`

  return {
    mayTry(identity, address) {
      if (isUsual(identity, address)) return true
      const nowMs = elapsedMs()
      return !isLocked(byIdentity(identity), nowMs) && !isLocked(byAddress(address), nowMs)
    },
    failed(identity, address) {
      // Its own mistake, which nothing is slowed down for.
      if (isUsual(identity, address)) return
      const nowMs = elapsedMs()
      count(byIdentity(identity), perIdentity, nowMs)
      count(byAddress(address), perAddress, nowMs)
    },
    succeeded(identity, address) {
      failures.delete(byIdentity(identity))
      usual.add(identity, address)
    },
  }
}
