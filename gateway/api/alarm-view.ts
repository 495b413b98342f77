/** An alarm as somebody sees it: what the journal knows, with names and places from the registry. */
import { z } from 'zod'
import type { Holder } from '../model/actor.ts'
import { type Alarm, alarmStates, causes, emergencyServices, type Recipient } from '../model/alarm.ts'
import type { HomeId, PointId, ResidentId, ResponderId } from '../model/ids.ts'
import { type AlarmKind, alarmKinds } from '../model/kinds.ts'
import { maskFields, seesClear, type Viewer } from '../model/personal.ts'
import {
  ContactRecord,
  DeviceRecord,
  HomeRecord,
  Position,
  ResidentRecord,
  ResponderRecord,
  TransportRecord,
} from '../model/records.ts'
import type { Registry } from '../model/registry.ts'
import { shownFound, shownHome } from './personal-view.ts'
import { momentOf, momentOrNull, Shown } from './shapes.ts'

const kindNames = Object.keys(alarmKinds).filter((kind): kind is AlarmKind => kind in alarmKinds)
export const Kind = z.enum(kindNames)

const HolderView = z.object({
  kind: z.enum(['user', 'point']),
  id: z.string(),
  name: z.string().optional(),
})

/** A record, or as much of it as the registry still has. */
const HomeView = HomeRecord.partial().extend({ id: z.string(), areaName: z.string().optional() })
const ResidentView = ResidentRecord.partial().extend({
  id: z.string(),
  contacts: z.array(ContactRecord).optional(),
})
const ResponderView = ResponderRecord.partial().extend({ id: z.string() })
const DeviceView = DeviceRecord.partial().extend({ id: z.string(), transport: TransportRecord.optional() })

const PointView = z.object({
  id: z.string(),
  name: z.string().optional(),
  phone: z.string().optional(),
  position: Position.optional(),
  rank: z.int().optional().describe('1 was the best when it was asked'),
  travelMinutes: z.number().optional().describe('For whoever sees where the home is'),
})

const AskedView = z.object({
  kind: z.enum(['point', 'county', 'city']),
  point: PointView.optional(),
  area: z.string().optional(),
  reachable: z.boolean().optional(),
})

export const AlarmView = z
  .object({
    id: z.string(),
    version: z.int(),
    kind: Kind,
    class: z.string(),
    priority: z.enum(['high', 'medium', 'low']),
    state: z.enum(alarmStates),
    epoch: z.int().describe('Grows whenever a claim ends without the work being done; commands name it'),
    raisedAt: Shown,
    receivedAt: Shown,
    repeats: z.int().describe('Presses after the first'),
    lastOccurrenceAt: Shown,
    home: HomeView.nullable(),
    resident: ResidentView.nullable(),
    device: DeviceView.nullable(),
    point: PointView.nullable().describe('The point that holds it, else the best one asked'),
    asked: z.array(AskedView).describe('Everybody asked in this epoch'),
    noPoint: z.string().nullable().describe('Why no point could be asked'),
    level: z.int().describe('How wide the question has been asked'),
    nextDeadline: z.object({ at: Shown, kind: z.string() }).nullable(),
    acknowledgedBy: HolderView.nullable(),
    handlers: z.array(HolderView).describe('Everybody who has held it: none of them follows it up'),
    callBacks: z.int().describe('How often somebody rang the resident or a contact'),
    dispatchedTo: z.string().nullable(),
    responder: ResponderView.nullable().describe('Whom it is dispatched to'),
    accepted: z.boolean().describe('The responder has said yes'),
    declined: z.array(z.string()).describe('Responders who said no, or nothing in time'),
    handedOver: z.array(z.enum(emergencyServices)),
    etaMinutes: z.number().nullable(),
    found: z
      .looseObject({ rule: z.string(), since: Shown, evidence: z.array(z.looseObject({ at: Shown })) })
      .nullable()
      .describe('The rule that found it, with the samples that made it'),
    causes: z.array(z.object({ kind: Kind, occurrences: z.int(), lastAt: Shown })).describe('What raised it'),
    cause: z.enum(causes).nullable().describe('What it turned out to be, once resolved'),
    followUp: z
      .object({ tries: z.int(), due: Shown.nullable() })
      .nullable()
      .describe('While it waits for its follow-up'),
  })
  .meta({ id: 'Alarm' })
export type AlarmView = z.infer<typeof AlarmView>

type AskedPoint = Extract<Recipient, { kind: 'point' }>

const pointView = (
  id: PointId,
  asked: AskedPoint | undefined,
  registry: Registry,
  viewer: Viewer,
): z.infer<typeof PointView> => {
  const record = registry.get('servicePoints', id)
  return {
    id,
    ...(record && { name: record.name, position: record.position }),
    ...(record?.phone !== undefined && { phone: record.phone }),
    ...(asked && { rank: asked.rank }),
    // From the ways to three points follows where the home is.
    ...(asked && seesClear(viewer, 'identity') && { travelMinutes: asked.travelMinutes }),
  }
}

/** A point by its name too, as a person. */
const holderView = (holder: Holder, registry: Registry): z.infer<typeof HolderView> => {
  if (holder.kind === 'user') return holder
  const point = registry.get('servicePoints', holder.id)
  return { ...holder, ...(point && { name: point.name }) }
}

const pointOf = ({ holder, asked }: Alarm, registry: Registry, viewer: Viewer): AlarmView['point'] => {
  const points = asked.filter((one): one is AskedPoint => one.kind === 'point')
  if (holder?.kind === 'point') {
    return pointView(
      holder.id,
      points.find(one => one.point === holder.id),
      registry,
      viewer,
    )
  }
  const best = points.toSorted((a, b) => a.rank - b.rank)[0]
  return best ? pointView(best.point, best, registry, viewer) : null
}

const askedView = (one: Recipient, registry: Registry, viewer: Viewer): z.infer<typeof AskedView> =>
  one.kind === 'point'
    ? { kind: one.kind, point: pointView(one.point, one, registry, viewer), reachable: one.reachable }
    : { kind: one.kind, ...(one.area !== undefined && { area: one.area }) }

const homeView = (id: HomeId, registry: Registry, viewer: Viewer): z.infer<typeof HomeView> => {
  const record = registry.get('homes', id)
  const area = record && registry.get('areas', record.area)
  return { ...(record && shownHome(record, viewer)), id, ...(area && { areaName: area.name }) }
}

const residentView = (id: ResidentId, registry: Registry, viewer: Viewer): z.infer<typeof ResidentView> => {
  const record = registry.get('residents', id)
  return { ...(record && maskFields(ResidentRecord, record, viewer)), id }
}

const responderView = (
  id: ResponderId,
  registry: Registry,
  viewer: Viewer,
): z.infer<typeof ResponderView> => {
  const record = registry.get('responders', id)
  return { ...(record && maskFields(ResponderRecord, record, viewer)), id }
}

/** Who was called, sent, asked. */
const goingOf = (
  { handlers, callBacks, dispatchedTo, accepted, declined = [], handedOver = [] }: Alarm,
  registry: Registry,
  viewer: Viewer,
): Pick<
  AlarmView,
  'handlers' | 'callBacks' | 'dispatchedTo' | 'responder' | 'accepted' | 'declined' | 'handedOver'
> => ({
  handlers: [...handlers],
  callBacks: callBacks?.made ?? 0,
  dispatchedTo: dispatchedTo ?? null,
  responder: dispatchedTo === undefined ? null : responderView(dispatchedTo, registry, viewer),
  accepted: accepted ?? false,
  declined: [...declined],
  handedOver: [...handedOver],
})

const followUpOf = ({ state, followUpTries, deadline }: Alarm): AlarmView['followUp'] =>
  state === 'resolved' ? { tries: followUpTries, due: momentOrNull(deadline?.at) } : null

/** The registry may have changed since the alarm was raised: what it no longer knows is shown by its id alone. */
const placesOf = (
  { location: { home, resident, device } }: Alarm,
  registry: Registry,
  viewer: Viewer,
): Pick<AlarmView, 'home' | 'resident' | 'device'> => ({
  home: home === undefined ? null : homeView(home, registry, viewer),
  resident: resident === undefined ? null : residentView(resident, registry, viewer),
  device: device === undefined ? null : { id: device, ...registry.get('devices', device) },
})

export const alarmView = (alarm: Alarm, registry: Registry, viewer: Viewer): AlarmView => ({
  id: alarm.id,
  version: alarm.version,
  kind: alarm.kind,
  class: alarm.class,
  priority: alarm.priority,
  state: alarm.state,
  epoch: alarm.epoch,
  raisedAt: momentOf(alarm.raisedAt),
  receivedAt: momentOf(alarm.receivedAt),
  repeats: alarm.repeats,
  lastOccurrenceAt: momentOf(alarm.lastOccurrenceAt),
  ...placesOf(alarm, registry, viewer),
  point: pointOf(alarm, registry, viewer),
  asked: alarm.asked.map(one => askedView(one, registry, viewer)),
  noPoint: alarm.noPoint ?? null,
  level: alarm.level,
  nextDeadline: alarm.deadline ? { at: momentOf(alarm.deadline.at), kind: alarm.deadline.kind } : null,
  acknowledgedBy: alarm.holder ? holderView(alarm.holder, registry) : null,
  ...goingOf(alarm, registry, viewer),
  etaMinutes: alarm.etaMinutes ?? null,
  found: alarm.found ? shownFound(alarm.found, viewer) : null,
  causes: [{ kind: alarm.kind, occurrences: alarm.repeats + 1, lastAt: momentOf(alarm.lastOccurrenceAt) }],
  cause: alarm.cause ?? null,
  followUp: followUpOf(alarm),
})
