/** Long work in slices: alarms are served by the same thread, and go first. */
import { setImmediate } from 'node:timers/promises'

const sliceMs = 4

export type Pace = {
  /** The slice is used up: finish, then rest. */
  isDue(): boolean
  /** Lets everything that waits run. */
  rest(): Promise<void>
}

export const createPace = (): Pace => {
  let startedAt = performance.now()
  return {
    isDue: () => performance.now() - startedAt >= sliceMs,
    async rest() {
      await setImmediate()
      startedAt = performance.now()
    },
  }
}
