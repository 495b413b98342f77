/**
 * The emergency card: what an ambulance crew, or whoever opens the door, needs to know of a resident, on one page. Made when
 * it is asked for, from what is known then; the gateway keeps none. Not a medical device: vital signs are for orientation.
 */
import { z } from 'zod'
import { textOf, withTexts } from '../kit/event-texts.ts'
import type { Alarm } from '../model/alarm.ts'
import type { By } from '../model/care.ts'
import type { DeviceId, Instant } from '../model/ids.ts'
import type { Entry } from '../model/journal.ts'
import { type Metric, metrics } from '../model/measurement.ts'
import { maskFields, seesClear, type Viewer } from '../model/personal.ts'
import { HomeRecord, ResidentRecord } from '../model/records.ts'
import type { ApiPorts } from './app.ts'
import { ByView, momentOf, Shown } from './shapes.ts'

/** What is older says nothing of how somebody is now. */
const vitalsMs = 24 * 3_600_000
/** A reading by itself says little. */
const meanOfMs = 60_000
const vitalMetrics = ['heartRate', 'respirationRate'] as const satisfies readonly Metric[]

const CardResident = ResidentRecord.omit({
  home: true,
  mayCancel: true,
  idNumber: true,
  leftAt: true,
  erasedAt: true,
})

const VitalView = z.object({
  metric: z.enum(vitalMetrics),
  unit: z.string(),
  value: z.number().describe('Mean of a minute'),
  at: Shown,
  qualityPercent: z.number().nullable().describe('How far the sensor trusts it; null: it does not say'),
  device: z.string(),
})
type VitalView = z.infer<typeof VitalView>

const TimelineView = z.object({
  at: Shown,
  type: z.string().describe('What happened, as in the timeline of the alarm'),
  by: z.string(),
  text: z.string().nullable(),
})

const CardAlarm = z.object({
  id: z.string(),
  kind: z.string(),
  state: z.string(),
  raisedAt: Shown,
  receivedAt: Shown,
  repeats: z.int(),
  timeline: z.array(TimelineView),
})

export const CardView = z
  .object({
    notMedicalDevice: z.literal(true),
    madeAt: Shown,
    madeBy: ByView.describe('Who asked for it, or shared it'),
    isRevealed: z.boolean().describe('Telephone numbers are in clear'),
    resident: CardResident.partial().extend({ id: z.string(), age: z.int().optional() }),
    home: HomeRecord.partial().extend({ id: z.string(), areaName: z.string().optional() }).nullable(),
    vitals: z
      .array(VitalView)
      .nullable()
      .describe('The latest of the last 24 h; null: they cannot be read at the moment'),
    alarm: CardAlarm.nullable().describe('The one that was named'),
  })
  .meta({ id: 'EmergencyCard' })
type CardView = z.infer<typeof CardView>

type Ports = Pick<ApiPorts, 'registry' | 'telemetry' | 'journal' | 'papers' | 'clock' | 'log'>

export type CardRequest = {
  readonly resident: ResidentRecord
  readonly alarm?: Alarm | undefined
  readonly viewer: Viewer
  readonly by: By
}

const lastOrder = 100

const residentView = (resident: ResidentRecord, viewer: Viewer, now: Instant): CardView['resident'] => {
  // In the order in which they are to be called.
  const contacts = resident.contacts.toSorted(({ order: a = lastOrder }, { order: b = lastOrder }) => a - b)
  const shown = CardResident.partial().parse(maskFields(ResidentRecord, { ...resident, contacts }, viewer))
  const age = shown.birthYear === undefined ? undefined : new Date(now).getUTCFullYear() - shown.birthYear
  return { ...shown, id: resident.id, ...(age !== undefined && { age }) }
}

const homeView = ({ home: id }: ResidentRecord, viewer: Viewer, { registry }: Ports): CardView['home'] => {
  const home = registry.get('homes', id)
  const area = home && registry.get('areas', home.area)
  return home ? { ...maskFields(HomeRecord, home, viewer), id, ...(area && { areaName: area.name }) } : null
}

/** Theirs, and those of a home in which nobody else can have been measured. */
const devicesOf = (
  { id, home }: ResidentRecord,
  { registry }: Pick<Ports, 'registry'>,
): readonly DeviceId[] => {
  const alone = registry.residentsOf(home).length === 1
  return registry
    .devicesOf(home)
    .filter(({ resident }) => (resident === undefined ? alone : resident === id))
    .map(device => device.id)
}

const latest = (a: VitalView | undefined, b: VitalView): VitalView => (a && a.at >= b.at ? a : b)

/** The latest of each metric, whatever device measured it. */
const vitalsOf = async (
  resident: ResidentRecord,
  { registry, telemetry, clock }: Ports,
): Promise<VitalView[]> => {
  const to = clock.now() + 1
  const found = new Map<Metric, VitalView>()
  for (const device of devicesOf(resident, { registry })) {
    for (const metric of vitalMetrics) {
      const points = await telemetry.query({ device, metric, from: to - vitalsMs, to, everyMs: meanOfMs })
      const point = points.at(-1)
      if (!point) continue
      const minute = { from: point.at, to: point.at + meanOfMs, everyMs: meanOfMs }
      const [quality] = await telemetry.query({ device, metric: 'quality', ...minute })
      const measured = {
        metric,
        unit: metrics[metric].unit,
        value: point.mean,
        at: momentOf(point.at),
        device,
      }
      found.set(metric, latest(found.get(metric), { ...measured, qualityPercent: quality?.mean ?? null }))
    }
  }
  return [...found.values()]
}

const timelineView = (
  { event: recorded, recordedAt, actor }: Entry,
  viewer: Viewer,
  { papers }: Ports,
): z.infer<typeof TimelineView> => {
  const event = withTexts(recorded, papers.text)
  const text = seesClear(viewer, 'health') ? textOf(event) : undefined
  const by = 'name' in actor ? actor.name : actor.kind
  return { at: momentOf(recordedAt), type: event.type, by, text: text ?? null }
}

const alarmView = async (alarm: Alarm, viewer: Viewer, ports: Ports): Promise<CardView['alarm']> => {
  const { id, kind, state, raisedAt, receivedAt, repeats } = alarm
  const timeline = await ports.journal.timeline(id)
  return {
    id,
    kind,
    state,
    repeats,
    raisedAt: momentOf(raisedAt),
    receivedAt: momentOf(receivedAt),
    timeline: timeline.map(entry => timelineView(entry, viewer, ports)),
  }
}

/** A card without vital signs is still one: what cannot be read keeps nobody from the rest. */
const vitalsOrNull = async (resident: ResidentRecord, ports: Ports): Promise<VitalView[] | null> => {
  try {
    return await vitalsOf(resident, ports)
  } catch (err) {
    ports.log.error({ err }, 'telemetry could not be read for a card')
    return null
  }
}

export const cardOf = async (asked: CardRequest, ports: Ports): Promise<CardView> => {
  const { resident, alarm, viewer, by } = asked
  const now = ports.clock.now()
  return {
    notMedicalDevice: true,
    madeAt: momentOf(now),
    madeBy: { id: by.id, name: by.name },
    isRevealed: viewer === 'revealed',
    resident: residentView(resident, viewer, now),
    home: homeView(resident, viewer, ports),
    vitals: seesClear(viewer, 'health') ? await vitalsOrNull(resident, ports) : [],
    alarm: alarm ? await alarmView(alarm, viewer, ports) : null,
  }
}
