import type { Alarm } from '../model/alarm.ts'
import type { AlarmId } from '../model/ids.ts'
import type { Entry } from '../model/journal.ts'
import { type Place, type Scope, sees } from '../model/scope.ts'
import type { ApiPorts } from './app.ts'

/** Alarms remembered for readers who are behind. Beyond: the first that was remembered goes, and is loaded again. */
const rememberedAlarms = 2_000

/** Which of these entries are about alarms that the scopes cover. */
export type EntrySight = (scopes: readonly Scope[], entries: readonly Entry[]) => Promise<readonly Entry[]>

/** An entry is placed once for all readers, where its alarm is by then: who was asked meanwhile sees it. */
export const createEntrySight = ({ alarm, places }: Pick<ApiPorts, 'alarm' | 'places'>): EntrySight => {
  const remembered = new Map<AlarmId, Alarm>()
  const placed = new WeakMap<Entry, Place>()

  const alarmOf = async ({ alarm: id, version }: Entry): Promise<Alarm | undefined> => {
    const known = remembered.get(id)
    if (known && known.version >= version) return known
    const found = await alarm(id)
    if (!found) return undefined
    const [first] = remembered.keys()
    if (first !== undefined && remembered.size >= rememberedAlarms) remembered.delete(first)
    remembered.set(id, found)
    return found
  }
  const placeOf = async (entry: Entry): Promise<Place | undefined> => {
    const known = placed.get(entry)
    const found = known ? undefined : await alarmOf(entry)
    const place = found ? places.ofAlarm(found) : known
    if (place) placed.set(entry, place)
    return place
  }

  return async (scopes, entries) => {
    if (scopes.length === 0) return entries
    const seen: Entry[] = []
    for (const entry of entries) {
      const place = await placeOf(entry)
      if (place && sees(scopes, place)) seen.push(entry)
    }
    return seen
  }
}
