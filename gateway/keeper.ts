/**
 * Keeps small states over a restart: whoever has one marks it when it changes, and it is on disk a little later, or at
 * once where an acknowledgement waits for it. Saves in slices, so that a whole town of changes stands in no call's way.
 */
import type { Clock } from './model/clock.ts'
import type { States } from './model/states.ts'

const sliceIntervalMs = 250
const sliceSize = 500

/** The state as text; undefined while it must not be saved. */
export type StateText = () => string | undefined

export interface Keeper {
  /** As they were when the gateway started. */
  readonly saved: ReadonlyMap<string, string>
  /** This state has changed. */
  mark(name: string, text: StateText): void
  /** These states, if they are marked: true when they are on disk. */
  save(names: readonly string[]): Promise<boolean>
  start(): void
  /** Saves all that is marked. */
  stop(): Promise<void>
}

export const createKeeper = async (states: States, clock: Clock): Promise<Keeper> => {
  const saved = await states.load()
  const marked = new Map<string, StateText>()
  let cancel: (() => void) | undefined
  let stopped = false

  const saveThese = async (names: Iterable<string>): Promise<boolean> => {
    const changes = new Map<string, string>()
    const sources = new Map<string, StateText>()
    for (const name of names) {
      const source = marked.get(name)
      const text = source?.()
      if (!source || text === undefined) continue
      marked.delete(name)
      changes.set(name, text)
      sources.set(name, source)
    }
    if (changes.size === 0) return true
    const isSaved = await states.save(changes)
    // Tried again with the next slice: as it is then.
    if (!isSaved) for (const [name, source] of sources) if (!marked.has(name)) marked.set(name, source)
    return isSaved
  }

  const saveSlice = (): void => {
    void saveThese([...marked.keys().take(sliceSize)]).finally(() => {
      if (!stopped) cancel = clock.after(sliceIntervalMs, saveSlice)
    })
  }

  return {
    saved,
    mark(name, text) {
      marked.set(name, text)
    },
    save: saveThese,
    start: saveSlice,
    async stop() {
      stopped = true
      cancel?.()
      await saveThese([...marked.keys()])
    },
  }
}
