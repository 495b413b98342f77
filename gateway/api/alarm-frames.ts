/** Alarms as they now are, as events of the live stream: for consoles, which show states and not happenings. */
import type { Principal } from '../model/access.ts'
import type { Alarm } from '../model/alarm.ts'
import type { AlarmId } from '../model/ids.ts'
import type { Entry } from '../model/journal.ts'
import { type Sensitivity, seesClear, type Viewer } from '../model/personal.ts'
import { type Scope, sees } from '../model/scope.ts'
import { alarmView } from './alarm-view.ts'
import type { ApiPorts } from './app.ts'
import type { EntrySight } from './entry-sight.ts'
import type { Frames } from './frames.ts'

const sensitivities = ['identity', 'contact', 'health'] as const satisfies readonly Sensitivity[]

/** Whoever sees the same is given the same text. */
const sightClass = (viewer: Viewer): string =>
  sensitivities.map(is => (seesClear(viewer, is) ? is : '')).join()

/** `seq` undefined: of no entry, so that a reader resumes where it would have. */
type Told = { readonly id: AlarmId; readonly seq?: number; readonly isLost: boolean }

/** Each alarm once, under its latest `seq`: whoever breaks off resumes behind what was given. What is lost is only lost. */
const bySeq = (seen: readonly Entry[], lost: readonly Entry[]): readonly Told[] => {
  const told = [
    ...seen.map(({ alarm: id, seq }) => ({ id, seq, isLost: false })),
    ...lost.map(({ alarm: id, seq }) => ({ id, seq, isLost: true })),
  ]
  return [...new Map(told.map(one => [one.id, one])).values()].toSorted((a, b) => a.seq - b.seq)
}

const frameOf = (event: 'alarm' | 'gone', data: string, seq?: number): string =>
  `${seq === undefined ? '' : `id: ${seq}\n`}event: ${event}\ndata: ${data}\n\n`

/** Many consoles are shown the same alarm within moments: it is rendered once for all who see as much of it. */
const createRenderer = (registry: ApiPorts['registry']) => {
  const rendered = new WeakMap<Alarm, { revision: number; texts: Map<string, string> }>()
  return (alarm: Alarm, viewer: Viewer): string => {
    const { revision } = registry
    const known = rendered.get(alarm)
    const texts = known?.revision === revision ? known.texts : new Map<string, string>()
    rendered.set(alarm, { revision, texts })
    const seen = sightClass(viewer)
    const text = texts.get(seen) ?? JSON.stringify(alarmView(alarm, registry, viewer))
    texts.set(seen, text)
    return text
  }
}

export const createAlarmFrames = (
  {
    alarm: load,
    openAlarms,
    places,
    registry,
  }: Pick<ApiPorts, 'alarm' | 'openAlarms' | 'places' | 'registry'>,
  sight: EntrySight,
): Frames => {
  const textOf = createRenderer(registry)
  const frame = (alarm: Alarm, viewer: Viewer, { seq, isLost }: Omit<Told, 'id'>): string =>
    isLost
      ? frameOf('gone', JSON.stringify({ id: alarm.id, version: alarm.version }), seq)
      : frameOf('alarm', textOf(alarm, viewer), seq)

  return {
    async *of(entries, reader) {
      const seen = await sight.seen(reader.scopes, entries)
      const lost = await sight.lost(reader.scopes, entries)
      for (const { id, ...told } of bySeq(seen, lost)) {
        const alarm = await load(id)
        // What has left since then by an entry that comes later is not shown as it is now.
        if (alarm && (told.isLost || sight.covers(reader.scopes, alarm))) yield frame(alarm, reader, told)
      }
    },
    *moved(before: readonly Scope[], reader: Principal) {
      for (const alarm of openAlarms()) {
        const place = places.ofAlarm(alarm)
        const [was, is] = [sees(before, place), sees(reader.scopes, place)]
        if (was !== is) yield frame(alarm, reader, { isLost: was })
      }
    },
  }
}
