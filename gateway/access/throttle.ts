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
/** Refused while they had to wait, in a minute: more of them are no people, and are refused unread for the rest of it. */
const freeRefusalsPerAddress = 20
const floodMs = 60_000
/** After so long without a failure all is forgotten. */
const memoryMs = 15 * 60_000
/** Names and addresses remembered. At the limit the least recently used is forgotten. */
const capacity = 10_000

type Failures = { count: number; last: Instant; blockedUntil: Instant }

/** One login under way: counted as failed until it is known to have succeeded, so that a burst gains nothing. */
export type Attempt = {
  readonly succeeded: () => void
  /** It was no guess that failed, and it does not count. */
  readonly excused: () => void
}

export type Throttle = {
  /** @param username undefined where nobody claims to be anybody: only the address counts. */
  begin(username: string | undefined, address: string): Attempt | { readonly retryAfterMs: number }
  /** How long to wait, whoever it is: an address from which nobody has logged in before floods. 0: ask `begin`. */
  floodMs(address: string): number
}

type Limit = { readonly key: string; readonly free: number }

/** Puts the key last, which makes the first one the least recently used. */
const remember = <V>(map: Map<string, V>, key: string, value: V): void => {
  map.delete(key)
  map.set(key, value)
  if (map.size > capacity) {
    const [oldest] = map.keys()
    if (oldest !== undefined) map.delete(oldest)
  }
}

const pairOf = (username: string | undefined, address: string): string => `pair ${username} ${address}`

/** @param knownFrom where people have logged in before. */
export const createThrottle = (
  clock: Clock,
  knownFrom: readonly { readonly username: string; readonly address: string }[] = [],
): Throttle => {
  const failures = new Map<string, Failures>()
  const known = new Map<string, true>()
  /** Somebody is let through at once there, and who it is stands in what has to be read. */
  const knownAddresses = new Map<string, true>()
  const refusals = new Map<string, { count: number; since: Instant }>()
  const rememberKnown = (username: string, address: string): void => {
    remember(known, pairOf(username, address), true)
    remember(knownAddresses, address, true)
  }
  for (const { username, address } of knownFrom) rememberKnown(username, address)

  const of = (key: string, now: Instant): Failures => {
    const found = failures.get(key)
    // A clock that was set back must not make a short wait a long one.
    const isFresh = found && now >= found.last && now - found.last < memoryMs
    return isFresh ? found : { count: 0, last: now, blockedUntil: now }
  }

  /** Answers the way to take it back. */
  const count = ({ key, free }: Limit, now: Instant): (() => void) => {
    const count = of(key, now).count + 1
    const delayMs = count < free ? 0 : Math.min(firstDelayMs * 2 ** (count - free), longestDelayMs)
    const counted = { count, last: now, blockedUntil: now + delayMs }
    remember(failures, key, counted)
    return () => {
      const there = failures.get(key)
      // Where another has failed since, its wait stands.
      const blockedUntil = there === counted ? now : there?.blockedUntil
      if (there && blockedUntil !== undefined) {
        remember(failures, key, { ...there, count: Math.max(0, there.count - 1), blockedUntil })
      }
    }
  }

  const refusalsOf = (address: string, now: Instant): { count: number; since: Instant } => {
    const found = refusals.get(address)
    const isFresh = found && now >= found.since && now - found.since < floodMs
    return isFresh ? found : { count: 0, since: now }
  }
  const countRefusal = (address: string, now: Instant): void => {
    const { count, since } = refusalsOf(address, now)
    remember(refusals, address, { count: count + 1, since })
  }

  return {
    floodMs: address => {
      const now = clock.now()
      const { count, since } = refusalsOf(address, now)
      const isFlood = count >= freeRefusalsPerAddress && !knownAddresses.has(address)
      return isFlood ? since + floodMs - now : 0
    },
    begin: (username, address) => {
      const now = clock.now()
      const pair = pairOf(username, address)
      const ofPair = { key: pair, free: freeAttemptsPerUser }
      const ofUser = { key: `user ${username}`, free: freeAttemptsPerUser }
      const ofAddress = { key: `address ${address}`, free: freeAttemptsPerAddress }
      const limits = username === undefined ? [ofAddress] : known.has(pair) ? [ofPair] : [ofUser, ofAddress]
      const blockedUntil = Math.max(...limits.map(({ key }) => of(key, now).blockedUntil))
      if (blockedUntil > now) {
        countRefusal(address, now)
        return { retryAfterMs: blockedUntil - now }
      }
      const takeBacks = limits.map(limit => count(limit, now))
      const excused = (): void => {
        for (const takeBack of takeBacks) takeBack()
      }
      return {
        excused,
        succeeded: () => {
          // One good login does not excuse the other failures from there.
          excused()
          if (username === undefined) return
          rememberKnown(username, address)
          failures.delete(ofPair.key)
          failures.delete(ofUser.key)
        },
      }
    },
  }
}
