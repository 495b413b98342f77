/** Alarms as they now are, as events of the live stream: for consoles, which show states and not happenings. */
import type { Alarm } from '../model/alarm.ts'
import type { AlarmId } from '../model/ids.ts'
import type { Entry } from '../model/journal.ts'
import { type Sensitivity, seesClear, type Viewer } from '../model/personal.ts'
import { alarmView } from './alarm-view.ts'
import type { ApiPorts } from './app.ts'

export type AlarmFrames = (entries: readonly Entry[], viewer: Viewer) => AsyncGenerator<string>

const sensitivities = ['identity', 'contact', 'health'] as const satisfies readonly Sensitivity[]

/** Whoever sees the same is given the same text. */
const sightClass = (viewer: Viewer): string =>
  sensitivities.map(is => (seesClear(viewer, is) ? is : '')).join()

/** Each alarm once, under its latest `seq`, in that order: whoever breaks off resumes behind what was given. */
const latestOf = (entries: readonly Entry[]): ReadonlyMap<AlarmId, number> => {
  const latest = new Map<AlarmId, number>()
  for (const { alarm, seq } of entries) {
    latest.delete(alarm)
    latest.set(alarm, seq)
  }
  return latest
}

/** Many consoles are shown the same alarm within moments: it is rendered once for all who see as much of it. */
export const createAlarmFrames = ({
  alarm: load,
  registry,
}: Pick<ApiPorts, 'alarm' | 'registry'>): AlarmFrames => {
  const rendered = new WeakMap<Alarm, { revision: number; texts: Map<string, string> }>()

  const textOf = (alarm: Alarm, viewer: Viewer): string => {
    const { revision } = registry
    const known = rendered.get(alarm)
    const texts = known?.revision === revision ? known.texts : new Map<string, string>()
    rendered.set(alarm, { revision, texts })
    const seen = sightClass(viewer)
    const text = texts.get(seen) ?? JSON.stringify(alarmView(alarm, registry, viewer))
    texts.set(seen, text)
    return text
  }

  return async function* (entries, viewer) {
    for (const [id, seq] of latestOf(entries)) {
      const alarm = await load(id)
      if (alarm) yield `id: ${seq}\nevent: alarm\ndata: ${textOf(alarm, viewer)}\n\n`
    }
  }
}
