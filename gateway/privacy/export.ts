/** Everything about one resident as one document, in clear (PIPL art. 45). */
import { textOf, withTexts } from '../kit/event-texts.ts'
import type { Alarm } from '../model/alarm.ts'
import type { Care } from '../model/care.ts'
import type { Clock } from '../model/clock.ts'
import type { Instant } from '../model/ids.ts'
import type { AlarmPage, Journal } from '../model/journal.ts'
import type { ResidentRecord } from '../model/records.ts'
import type { Registry } from '../model/registry.ts'
import type { Consents, Papers, PersonalData } from '../model/vault.ts'

export type ExportPorts = {
  readonly registry: Registry
  readonly journal: Pick<Journal, 'list' | 'timeline'>
  readonly care: Care
  readonly papers: Papers
  readonly consents: Consents
  readonly clock: Clock
}

/** Looked through a page at a time: the journal knows alarms by time, not by whom they concern. */
const pageLimit = 200
/** Of one resident, the latest. The document says when there are more. */
const maxAlarms = 5_000
/** Decisions about how the resident is watched, the latest. */
const maxChanges = 1_000
/** Of all pictures together; what is beyond is named without its bytes. */
const maxPictureBytes = 32 * 1024 * 1024

const momentOf = (at: Instant): string => new Date(at).toISOString()

export const createExport = (ports: ExportPorts): PersonalData['export'] => {
  const { registry, journal, care, papers, consents, clock } = ports

  const alarmsOf = async (resident: ResidentRecord): Promise<readonly Alarm[]> => {
    const concerns = ({ location }: Alarm): boolean =>
      location.resident === undefined ? location.home === resident.home : location.resident === resident.id
    const found: Alarm[] = []
    let cursor: string | null = null
    do {
      const from: { cursor?: string } = cursor === null ? {} : { cursor }
      const page: AlarmPage = await journal.list({ order: 'received', limit: pageLimit, ...from })
      found.push(...page.items.filter(concerns))
      cursor = page.nextCursor
    } while (cursor !== null && found.length < maxAlarms)
    return found.slice(0, maxAlarms)
  }

  const alarmView = async (alarm: Alarm) => {
    const { id, kind, state, cause = null, raisedAt, receivedAt, repeats } = alarm
    const notes = (await journal.timeline(id)).flatMap(({ event, recordedAt, actor }) => {
      const text = textOf(withTexts(event, papers.text))
      return text === undefined ? [] : [{ at: momentOf(recordedAt), by: actor, text }]
    })
    const times = { raisedAt: momentOf(raisedAt), receivedAt: momentOf(receivedAt) }
    return { id, kind, state, cause, ...times, repeats, notes }
  }

  const papersOf = (resident: ResidentRecord) => {
    const { id, home } = resident
    const alone = registry.residentsOf(home).length === 1
    const found = [...papers.list({ resident: id }), ...(alone ? papers.list({ home }) : [])]
    const byRef = new Map(found.map(paper => [paper.ref, paper]))
    let left = maxPictureBytes
    return [...byRef.values()].map(({ ref, at, isText }) => {
      if (isText) return { ref, at: momentOf(at), text: papers.text(ref) ?? null }
      const picture = papers.bytes(ref)
      left -= picture?.length ?? 0
      return { ref, at: momentOf(at), picture: left < 0 || !picture ? null : picture.toBase64() }
    })
  }

  const careOf = ({ id, home }: ResidentRecord) => ({
    thresholds: {
      effective: care.explain(id),
      changes: care
        .history({ resident: id }, maxChanges)
        .map(change => ({ ...change, at: momentOf(change.at) })),
    },
    absences: care.absenceHistory(home, maxChanges).map(({ absence, by, at }) => ({
      absence: absence && { ...absence, from: momentOf(absence.from), until: momentOf(absence.until) },
      by,
      at: momentOf(at),
    })),
  })

  return async id => {
    const resident = registry.get('residents', id)
    if (!resident) return undefined
    const alarms: Awaited<ReturnType<typeof alarmView>>[] = []
    for (const alarm of await alarmsOf(resident)) alarms.push(await alarmView(alarm))
    return {
      exportedAt: momentOf(clock.now()),
      resident,
      home: registry.get('homes', resident.home) ?? null,
      devices: registry.devicesOf(resident.home).filter(device => (device.resident ?? id) === id),
      consents: consents.history(id).map(({ at, until, ...consent }) => ({
        ...consent,
        at: momentOf(at),
        until: until === undefined ? null : momentOf(until),
      })),
      ...careOf(resident),
      alarms,
      moreAlarms: alarms.length === maxAlarms,
      papers: papersOf(resident),
    }
  }
}
