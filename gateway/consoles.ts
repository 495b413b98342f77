/** Which people have a console open, as the live streams tell. */
import type { UserId } from './model/ids.ts'
import type { Consoles } from './model/shift.ts'

/** Holds one entry for each person with an open stream: the limit of streams bounds it. */
export const createConsoles = (onChange: () => void): Consoles => {
  const streams = new Map<UserId, number>()
  const count = (user: UserId, change: 1 | -1): void => {
    const open = (streams.get(user) ?? 0) + change
    if (open > 0) streams.set(user, open)
    else streams.delete(user)
    onChange()
  }
  return {
    opened(user) {
      count(user, 1)
      let isOpen = true
      return () => {
        if (isOpen) count(user, -1)
        isOpen = false
      }
    },
    isOpen: user => streams.has(user),
  }
}
