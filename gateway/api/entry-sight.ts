import type { Alarm } from '../model/alarm.ts'
import type { AlarmId } from '../model/ids.ts'
import type { Entry } from '../model/journal.ts'
import { type Place, type Scope, sees } from '../model/scope.ts'
import type { ApiPorts } from './app.ts'

/** Alarms remembered for readers who are behind. Beyond: the first that was remembered goes, and is loaded again. */
const rememberedAlarms = 2_000

export type EntrySight = {
  /** Which of these entries are about alarms that the scopes cover. */
  seen(scopes: readonly Scope[], entries: readonly Entry[]): Promise<readonly Entry[]>
  /** Of each alarm that they covered before or among these, and do not cover after the last, the entry that took it away. */
  lost(scopes: readonly Scope[], entries: readonly Entry[]): Promise<readonly Entry[]>
  /** Whether they cover as it is an alarm that they have covered at some time. */
  covers(scopes: readonly Scope[], alarm: Alarm): boolean
}

/** An alarm stays in its area and its home, whatever happens to it: it goes from point to point only. */
const canLose = (scopes: readonly Scope[]): boolean => scopes.some(scope => 'point' in scope)

/** Each is worked out once for an entry, however many ask, also at the same time. What is not found is looked for again. */
const onceEach = (
  work: (entry: Entry) => Promise<Place | undefined>,
): ((entry: Entry) => Promise<Place | undefined>) => {
  const asked = new WeakMap<Entry, Promise<Place | undefined>>()
  return entry => {
    const known = asked.get(entry)
    if (known) return known
    const found = work(entry)
    const forget = () => asked.delete(entry)
    asked.set(entry, found)
    found.then(place => place ?? forget(), forget)
    return found
  }
}

/** An entry is placed once for all readers, where its alarm is by then: who was asked meanwhile sees it. */
export const createEntrySight = ({
  alarm,
  alarmAt,
  places,
}: Pick<ApiPorts, 'alarm' | 'alarmAt' | 'places'>): EntrySight => {
  const remembered = new Map<AlarmId, Alarm>()
  /** As they were right before an entry, of those that were remembered then: the others are worked out if need be. */
  const previous = new WeakMap<Entry, Alarm>()

  const alarmOf = async (entry: Entry): Promise<Alarm | undefined> => {
    const { alarm: id, version } = entry
    const known = remembered.get(id)
    if (known && known.version >= version) return known
    if (known?.version === version - 1) previous.set(entry, known)
    const found = await alarm(id)
    if (!found) return undefined
    const [first] = remembered.keys()
    if (first !== undefined && remembered.size >= rememberedAlarms) remembered.delete(first)
    remembered.set(id, found)
    return found
  }
  const placeOf = onceEach(async entry => {
    const found = await alarmOf(entry)
    return found && places.ofAlarm(found)
  })
  const placeBefore = onceEach(async entry => {
    const { alarm: id, version } = entry
    const found = previous.get(entry) ?? (version > 1 ? await alarmAt(id, version - 1) : undefined)
    return found && places.ofAlarm(found)
  })
  const isSeen = async (scopes: readonly Scope[], entry: Entry): Promise<boolean> => {
    const place = await placeOf(entry)
    return place !== undefined && sees(scopes, place)
  }

  return {
    async seen(scopes, entries) {
      if (scopes.length === 0) return entries
      const seen: Entry[] = []
      for (const entry of entries) if (await isSeen(scopes, entry)) seen.push(entry)
      return seen
    },
    async lost(scopes, entries) {
      if (!canLose(scopes)) return []
      const wasSeen = new Set<AlarmId>()
      const unseen = new Map<AlarmId, Entry>()
      for (const entry of entries) {
        const isNow = await isSeen(scopes, entry)
        if (isNow) wasSeen.add(entry.alarm)
        if (isNow) unseen.delete(entry.alarm)
        else if (!unseen.has(entry.alarm)) unseen.set(entry.alarm, entry)
      }
      const lost: Entry[] = []
      for (const entry of unseen.values()) {
        const before = wasSeen.has(entry.alarm) ? undefined : await placeBefore(entry)
        if (wasSeen.has(entry.alarm) || (before && sees(scopes, before))) lost.push(entry)
      }
      return lost
    },
    covers: (scopes, alarm) => !canLose(scopes) || sees(scopes, places.ofAlarm(alarm)),
  }
}
