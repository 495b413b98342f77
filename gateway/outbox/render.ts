/** What a delivery says, from the alarm and the registry as they are now: nobody is told what is no longer true. */

import { foundText } from '../kit/found-text.ts'
import type { Holder } from '../model/actor.ts'
import type { Alarm } from '../model/alarm.ts'
import type { Delivery, FeedbackStage, NewDelivery } from '../model/delivery.ts'
import type { ErrorCode } from '../model/errors.ts'
import type { Instant, PointId } from '../model/ids.ts'
import type { Registry } from '../model/registry.ts'

const written = (at: Instant): string => new Date(at).toISOString()

const holderText = (holder: Holder | undefined): string | undefined => holder && `${holder.kind}:${holder.id}`

const homeOf = (alarm: Alarm, registry: Registry) => {
  const { home: id, device: deviceId } = alarm.location
  const home = id && registry.get('homes', id)
  const room = deviceId && registry.get('devices', deviceId)?.room
  return {
    id: id ?? null,
    ...(home && { address: home.address, area: home.area }),
    ...(home?.position && { position: home.position }),
    ...(home?.doorNote && { doorNote: home.doorNote }),
    ...(room && { room }),
  }
}

const residentOf = (alarm: Alarm, registry: Registry) => {
  const { resident: id } = alarm.location
  const resident = id && registry.get('residents', id)
  return {
    id: id ?? null,
    ...(resident && {
      name: resident.name,
      ...(resident.birthYear !== undefined && { birthYear: resident.birthYear }),
      ...(resident.phone !== undefined && { phone: resident.phone }),
      ...(resident.abilityLevel !== undefined && { abilityLevel: resident.abilityLevel }),
      ...(resident.cognition !== undefined && { cognition: resident.cognition }),
    }),
  }
}

/** Who is to go: a text message may be the only thing that reaches them. */
const responderOf = ({ dispatchedTo: id }: Alarm, registry: Registry) => {
  if (id === undefined) return null
  const { name = null, phone = null } = registry.get('responders', id) ?? {}
  return { id, name, phone }
}

const aboutAlarm = (alarm: Alarm, registry: Registry) => ({
  kind: alarm.kind,
  class: alarm.class,
  priority: alarm.priority,
  home: homeOf(alarm, registry),
  resident: residentOf(alarm, registry),
  device: { id: alarm.location.device ?? null },
  raisedAt: written(alarm.raisedAt),
  receivedAt: written(alarm.receivedAt),
})

/** To a terminal: will you take this? */
export const renderOffer = (alarm: Alarm, point: PointId, registry: Registry): string => {
  const asked = alarm.asked.find(one => one.kind === 'point' && one.point === point)
  return JSON.stringify({
    alarm: alarm.id,
    epoch: alarm.epoch,
    ...aboutAlarm(alarm, registry),
    repeat: alarm.repeats,
    level: alarm.level,
    found: alarm.found && foundText(alarm.found),
    ...(asked?.kind === 'point' && { rank: asked.rank, travelMinutes: asked.travelMinutes }),
  })
}

/**
 * To a terminal: this is how the alarm stands. Whoever holds it gets all of it, having perhaps never been asked, or
 * having forgotten. `refused` names why the terminal's last reply was not taken.
 */
export const renderUpdate = (
  alarm: Alarm,
  { point, registry, refused }: { point: PointId; registry: Registry; refused?: ErrorCode },
): string => {
  const isHolder = alarm.holder?.kind === 'point' && alarm.holder.id === point
  return JSON.stringify({
    ...(isHolder && aboutAlarm(alarm, registry)),
    alarm: alarm.id,
    epoch: alarm.epoch,
    state: alarm.state,
    repeat: alarm.repeats,
    by: holderText(alarm.holder),
    refused,
  })
}

/** To the device that called. */
export const renderFeedback = (
  alarm: Alarm,
  { stage, eventId }: { readonly stage: FeedbackStage; readonly eventId: string },
): string =>
  JSON.stringify({
    event: eventId,
    alarm: alarm.id,
    stage,
    ...(stage === 'dispatched' && alarm.etaMinutes !== undefined && { etaMinutes: alarm.etaMinutes }),
  })

/** To a device that can speak: ask the resident, who answers with `cancel` or by pressing. */
export const renderPrompt = (alarm: Alarm): string =>
  JSON.stringify({
    event: alarm.lastEventId,
    alarm: alarm.id,
    stage: 'verify',
    kind: alarm.kind,
    answerBy: alarm.deadline && written(alarm.deadline.at),
  })

/** To the outbound webhook: all that a text message or a voice call needs. */
export const renderNotice = (alarm: Alarm, delivery: NewDelivery | Delivery, registry: Registry): string => {
  const resident = alarm.location.resident && registry.get('residents', alarm.location.resident)
  return JSON.stringify({
    type: `alarm.${delivery.topic}`,
    timestamp: written(delivery.createdAt),
    data: {
      alarm: alarm.id,
      version: delivery.version,
      kind: alarm.kind,
      class: alarm.class,
      priority: alarm.priority,
      state: alarm.state,
      level: alarm.level,
      repeat: alarm.repeats,
      raisedAt: written(alarm.raisedAt),
      by: holderText(alarm.holder) ?? null,
      answerBy: alarm.state === 'suspected' && alarm.deadline ? written(alarm.deadline.at) : null,
      found: alarm.found ? foundText(alarm.found) : null,
      noPoint: alarm.noPoint ?? null,
      responder: responderOf(alarm, registry),
      home: homeOf(alarm, registry),
      resident: residentOf(alarm, registry),
      contacts: resident ? resident.contacts : [],
      asked: alarm.asked.map(one => {
        if (one.kind !== 'point') return { kind: one.kind, id: one.area ?? null }
        const point = registry.get('servicePoints', one.point)
        return { kind: one.kind, id: one.point, name: point?.name ?? null, phone: point?.phone ?? null }
      }),
    },
  })
}
