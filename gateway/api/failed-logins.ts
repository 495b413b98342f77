import type { TrailEntry } from '../model/trail.ts'
import type { ApiPorts } from './app.ts'

/** Between two entries about one name at one address. */
const windowMs = 60_000
/** Names and addresses counted apart. Beyond: they are counted together, so that guessing by many writes little too. */
const countedLimit = 1_000
const together = 'together'

type Counted = { readonly entry: TrailEntry; count: number; stop: () => void }

export type FailedLogins = {
  /** The first is recorded at once, those that follow with their number once a minute. */
  told(entry: TrailEntry): Promise<void>
  /** Records what has been counted. */
  close(): Promise<void>
}

export const createFailedLogins = (
  record: (entry: TrailEntry) => Promise<unknown>,
  clock: ApiPorts['clock'],
): FailedLogins => {
  const counted = new Map<string, Counted>()

  const tell = async (key: string, { entry, count }: Counted): Promise<void> => {
    const { address: _, subject: __, ...rest } = entry
    const shown = key === together ? rest : entry
    await record({ ...shown, at: clock.now(), facts: { ...entry.facts, attempts: count } })
  }
  const watch = (key: string, one: Counted): void => {
    one.stop = clock.after(windowMs, () => {
      if (one.count === 0) {
        counted.delete(key)
        return
      }
      void tell(key, one)
      one.count = 0
      watch(key, one)
    })
  }

  return {
    async told(entry) {
      const own = `${entry.subject ?? ''} ${entry.address ?? ''}`
      const key = counted.has(own) || counted.size < countedLimit ? own : together
      const known = counted.get(key)
      if (known) {
        known.count += 1
        return
      }
      const first: Counted = { entry, count: 1, stop: () => {} }
      const recorded = tell(key, first)
      first.count = 0
      counted.set(key, first)
      watch(key, first)
      await recorded
    },
    async close() {
      const rest = [...counted].filter(([, one]) => one.count > 0)
      for (const one of counted.values()) one.stop()
      counted.clear()
      await Promise.all(rest.map(([key, one]) => tell(key, one)))
    },
  }
}
