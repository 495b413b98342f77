/** Remembers the last addresses that each device and terminal has logged in from, over a restart too. */
import { z } from 'zod'
import type { UsualAddresses } from './device-locks.ts'
import type { Keeper } from './keeper.ts'

/** At home, behind the neighbours' network, over the mobile one, and one more. Beyond, the oldest is forgotten. */
const kept = 4

const prefix = 'usual/'
const Stored = z.array(z.string()).max(kept)

const read = (text: string | undefined): readonly string[] => {
  if (text === undefined) return []
  try {
    return Stored.safeParse(JSON.parse(text)).data ?? []
  } catch {
    // A state that cannot be read costs a privilege until the next login, and never the login.
    return []
  }
}

/** Bounded by who has logged in: only the registry's own can. */
export const createUsualAddresses = (keeper: Pick<Keeper, 'names' | 'take' | 'mark'>): UsualAddresses => {
  const book = new Map<string, readonly string[]>()
  for (const name of keeper.names()) {
    if (name.startsWith(prefix)) book.set(name.slice(prefix.length), read(keeper.take(name)))
  }
  const of = (identity: string): readonly string[] => book.get(identity) ?? []
  return {
    of,
    add(identity, address) {
      const before = of(identity)
      if (before.at(-1) === address) return
      book.set(identity, [...before.filter(each => each !== address), address].slice(-kept))
      keeper.mark(`${prefix}${identity}`, () => JSON.stringify(of(identity)))
    },
  }
}
