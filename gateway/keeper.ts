/**
 * Keeps small states over a restart: whoever has one marks it when it changes, and it is on disk a little later, or at
 * once where an acknowledgement waits for it. Saves in slices, so that a whole town of changes stands in no call's way.
 */
import type { Clock } from './model/clock.ts'
import type { Instant } from './model/ids.ts'
import type { States } from './model/states.ts'

const sliceIntervalMs = 100
/** A state that only goes on is saved this often: what is lost of it, the next word of its device mends. */
const restMs = 20_000
/** What one slice may take of the thread that alarms live on. */
const sliceBudgetMs = 2
/** And what it may hold in memory on its way to the disk. */
const sliceSize = 500

/** The state as text; undefined while it must not be saved. */
export type StateText = () => string | undefined

export interface Keeper {
  /** Those that were saved before the gateway started, and that nobody has taken yet. */
  names(): readonly string[]
  /** As it was saved then. It is handed over: whoever takes it has it from now on. */
  take(name: string): string | undefined
  /** This state has changed, and `text` tells it as it is. `soon`: it has turned, and does not wait. */
  mark(name: string, text: StateText, urgency?: 'soon'): void
  /** These states, if they are marked or on their way: true when they are on disk. */
  save(names: readonly string[]): Promise<boolean>
  start(): void
  /** Saves all that is marked. */
  stop(): Promise<void>
}

export const createKeeper = async (states: States, clock: Clock): Promise<Keeper> => {
  const saved = new Map(await states.load())
  const soon = new Map<string, StateText>()
  /** In the order in which they were first marked. */
  const later = new Map<string, { readonly text: StateText; readonly since: Instant }>()
  /** On its way to the disk. */
  const underWay = new Map<string, Promise<boolean>>()
  let cancel: (() => void) | undefined
  let stopped = false

  const saveThese = async (
    names: Iterable<string>,
    budgetMs = Number.POSITIVE_INFINITY,
  ): Promise<boolean> => {
    const changes = new Map<string, string>()
    const sources = new Map<string, StateText>()
    const until = performance.now() + budgetMs
    for (const name of names) {
      const source = soon.get(name) ?? later.get(name)?.text
      const text = source?.()
      if (!source || text === undefined) continue
      soon.delete(name)
      later.delete(name)
      changes.set(name, text)
      sources.set(name, source)
      if (changes.size >= sliceSize && budgetMs !== Number.POSITIVE_INFINITY) break
      if (performance.now() > until) break
    }
    if (changes.size === 0) return true
    const saving = states.save(changes)
    for (const name of changes.keys()) underWay.set(name, saving)
    const isSaved = await saving
    for (const name of changes.keys()) if (underWay.get(name) === saving) underWay.delete(name)
    // Tried again with the next slice: as it is then.
    if (!isSaved) for (const [name, source] of sources) soon.set(name, source)
    return isSaved
  }

  function* dueNames(): Iterable<string> {
    yield* soon.keys()
    const dueSince = clock.now() - restMs
    for (const [name, { since }] of later) {
      // A clock that was set back must not hold them up for hours.
      if (since > dueSince && since <= dueSince + restMs) return
      yield name
    }
  }

  const saveSlice = (): void => {
    void saveThese(dueNames(), sliceBudgetMs).finally(() => {
      if (!stopped) cancel = clock.after(sliceIntervalMs, saveSlice)
    })
  }

  return {
    names: () => [...saved.keys()],
    take(name) {
      const text = saved.get(name)
      saved.delete(name)
      return text
    },
    mark(name, text, urgency) {
      if (urgency === 'soon' || soon.has(name)) {
        later.delete(name)
        soon.set(name, text)
      } else if (!later.has(name)) later.set(name, { text, since: clock.now() })
    },
    async save(names) {
      const earlier = names.map(name => underWay.get(name) ?? true)
      const saved = await Promise.all([saveThese(names), ...earlier])
      return saved.every(Boolean)
    },
    start: saveSlice,
    async stop() {
      stopped = true
      cancel?.()
      await saveThese([...soon.keys(), ...later.keys()])
    },
  }
}
