/** Stores of measurements and states that last as long as a test. */
import type { States } from '../../gateway/model/states.ts'
import type { Sample } from '../../gateway/model/telemetry.ts'

export const createMemoryStates = (
  held: Map<string, string> = new Map(),
): States & { held: typeof held } => ({
  held,
  load: async () => new Map(held),
  async save(changes) {
    for (const [name, text] of changes) {
      if (text === null) held.delete(name)
      else held.set(name, text)
    }
    return true
  },
})

export const createMemoryTelemetry = () => {
  const samples: Sample[] = []
  return {
    samples,
    async write(more: readonly Sample[]) {
      samples.push(...more)
      return true
    },
  }
}
