import { evolve } from './alarm/evolve.ts'
import type { Alarm } from './model/alarm.ts'
import type { AlarmId } from './model/ids.ts'
import type { Journal } from './model/journal.ts'

/** The alarm as it was at an earlier version, from what had happened by then. Undefined: it has not been so far. */
export type PastAlarm = (id: AlarmId, version: number) => Promise<Alarm | undefined>

export const createPastAlarm =
  ({ timeline }: Pick<Journal, 'timeline'>): PastAlarm =>
  async (id, version) => {
    const events = (await timeline(id)).filter(entry => entry.version <= version).map(({ event }) => event)
    const alarm = events.reduce<Alarm | undefined>(evolve, undefined)
    return alarm?.version === version ? alarm : undefined
  }
