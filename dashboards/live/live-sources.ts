/** The live alarms of whoever is logged in with this browser: one source a person, however many pages look at it. */

import type { LiveSource } from './live-source.ts'
import type { Seat } from './live-update.ts'
import type { Listener } from './seats.ts'

export type LiveSources = { attach(who: string, listener: Listener): Seat }

/** @param open a source of this person's alarms, which says when it is over */
export const createLiveSources = (open: (who: string, onOver: () => void) => LiveSource): LiveSources => {
  const sources = new Map<string, LiveSource>()
  return {
    attach(who, listener) {
      // A browser has one login at a time.
      for (const [of, source] of sources) if (of !== who) source.check()
      const source = sources.get(who) ?? open(who, () => sources.delete(who))
      sources.set(who, source)
      return source.attach(listener)
    },
  }
}
