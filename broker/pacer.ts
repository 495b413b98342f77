/**
 * Lets those who bring bulk wait for their turn, so that who brings a call is read at once: in each turn of the event
 * loop only so many reads of bulk are allowed, and the rest take turns in the ones after it.
 */
export interface Pacer<C> {
  /** False: not now; it will be made to read again. */
  mayRead(connection: C): boolean
  leave(connection: C): void
}

/** About a millisecond's work. */
const readsPerTurn = 16

/** @param read makes a connection read again */
export const createPacer = <C>(read: (connection: C) => void): Pacer<C> => {
  const waiting = new Set<C>()
  const called = new Set<C>()
  let readsLeft = readsPerTurn
  let isTurnSet = false

  const setTurn = (): void => {
    if (isTurnSet) return
    isTurnSet = true
    setImmediate(() => {
      isTurnSet = false
      readsLeft = readsPerTurn
      for (const connection of waiting) {
        if (readsLeft <= 0) break
        waiting.delete(connection)
        called.add(connection)
        read(connection)
        called.delete(connection)
      }
      if (waiting.size > 0) setTurn()
    })
  }

  return {
    mayRead(connection) {
      setTurn()
      // Whoever waits is before who has just come.
      if (readsLeft > 0 && (waiting.size === 0 || called.has(connection))) {
        readsLeft -= 1
        return true
      }
      waiting.add(connection)
      return false
    },
    leave: connection => void waiting.delete(connection),
  }
}
