/**
 * Slows down guessing of passwords. Failures are counted by user name and by address; after some free ones each further
 * one doubles the wait. Where a user has logged in before, only that user's failures at that address count: nobody can
 * lock out a colleague by guessing, not even from behind the same network address translator.
 */
import type { Clock } from '../model/clock.ts'
import type { Instant } from '../model/ids.ts'

const freeAttemptsPerUser = 5
/** Higher: a whole call centre may come from one address. */
const freeAttemptsPerAddress = 20
const firstDelayMs = 1_000
const longestDelayMs = 60_000
/** After so long without a failure all is forgotten. */
const memoryMs = 15 * 60_000
/** Names and addresses remembered. At the limit the least recently used is forgotten. */
const capacity = 10_000

type Failures = { count: number; last: Instant; blockedUntil: Instant }

/** One login under way: counted as failed until it is known to have succeeded, so that a burst gains nothing. */
export type Attempt = { readonly succeeded: () => void }

export type Throttle = {
  begin(username: string, address: string): Attempt | { readonly retryAfterMs: number }
}

/** Puts the key last, which makes the first one the least recently used. */
const remember = <V>(map: Map<string, V>, key: string, value: V): void => {
  map.delete(key)
  map.set(key, value)
  if (map.size > capacity) {
    const [oldest] = map.keys()
    if (oldest !== undefined) map.delete(oldest)
  }
}

export const createThrottle = (clock: Clock): Throttle => {
  const failures = new Map<string, Failures>()
  const known = new Map<string, true>()

  const of = (key: string, now: Instant): Failures => {
    const found = failures.get(key)
    return found && now - found.last < memoryMs ? found : { count: 0, last: now, blockedUntil: now }
  }

  const count = (key: string, free: number, now: Instant): void => {
    const count = of(key, now).count + 1
    const delayMs = count < free ? 0 : Math.min(firstDelayMs * 2 ** (count - free), longestDelayMs)
    remember(failures, key, { count, last: now, blockedUntil: now + delayMs })
  }

  return {
    begin: (username, address) => {
      const now = clock.now()
      const pair = `pair ${username} ${address}`
      const byUser = `user ${username}`
      const byAddress = `address ${address}`
      const isKnown = known.has(pair)
      const keys = isKnown
        ? [{ key: pair, free: freeAttemptsPerUser }]
        : [
            { key: byUser, free: freeAttemptsPerUser },
            { key: byAddress, free: freeAttemptsPerAddress },
          ]
      const blockedUntil = Math.max(...keys.map(({ key }) => of(key, now).blockedUntil))
      if (blockedUntil > now) return { retryAfterMs: blockedUntil - now }
      for (const { key, free } of keys) count(key, free, now)
      return {
        succeeded: () => {
          remember(known, pair, true)
          failures.delete(pair)
          failures.delete(byUser)
          // One good login does not excuse the other failures from there.
          const there = isKnown ? undefined : failures.get(byAddress)
          if (there) remember(failures, byAddress, { ...there, count: there.count - 1, blockedUntil: now })
        },
      }
    },
  }
}
