/** The health of a journal, and who wants to know when it changes. */
import type { Journal, JournalHealth } from '../model/journal.ts'

export type Health = {
  /** Tells the listeners if this differs from before. */
  readonly set: (next: JournalHealth) => void
} & Pick<Journal, 'health' | 'onHealth'>

export const createHealth = (): Health => {
  let current: JournalHealth = { writable: true }
  const listeners = new Set<(health: JournalHealth) => void>()

  return {
    set: next => {
      if (next.writable === current.writable && next.detail === current.detail) return
      current = next
      for (const listener of listeners) listener(next)
    },
    health: () => current,
    onHealth: listener => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
