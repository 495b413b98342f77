/**
 * Takes what the outbox wants sent and what terminals do on the line. Gives each delivery its text and its way.
 * A terminal that subscribes gets everything that is still open for it, whatever it was sent before: it may have
 * forgotten all of it.
 */
import { feedbackTopic, offerTopic, updateTopic } from './decode/topics.ts'
import type { Alarm } from './model/alarm.ts'
import { type FeedbackStage, feedbackStages, type NewDelivery } from './model/delivery.ts'
import type { ErrorCode } from './model/errors.ts'
import { DeviceId, PointId } from './model/ids.ts'
import type { Registry } from './model/registry.ts'
import type { SendOutcome } from './outbox/outbox.ts'
import { renderFeedback, renderNotice, renderOffer, renderPrompt, renderUpdate } from './outbox/render.ts'
import type { PublishOutcome, Transport } from './transport/transport.ts'

/**
 * To a device that is not on MQTT. `unheard`: it has no way to hear anything; undefined: it is on MQTT after all.
 */
export type OverLine = (
  device: DeviceId,
  eventId: string,
  stage: FeedbackStage,
) => 'written' | 'line-lost' | 'unheard' | undefined

export type MessengerPorts = {
  readonly registry: Registry
  /** Later than the messenger itself: the transport needs the messenger's ear first. */
  readonly transport: () => Transport
  readonly overLine: OverLine
  /** Unset: nothing owes a notice. */
  readonly webhook?: (id: string, body: string) => Promise<SendOutcome>
}

export interface Messenger {
  send(delivery: NewDelivery, alarm: Alarm): Promise<SendOutcome>
  /** Everything open that concerns this point, among `alarms`. */
  catchUp(point: PointId, alarms: Iterable<Alarm>): void
  tellRefused(point: PointId, alarm: Alarm, refused: ErrorCode): void
}

/** An offer is confirmed by the terminal's own `received`; for the rest its PUBACK will do. */
const outcomeOf = (published: PublishOutcome, confirmedByReply: boolean): SendOutcome => {
  switch (published) {
    case 'not-connected':
      return { state: 'away' }
    case 'unconfirmed':
      return confirmedByReply
        ? { state: 'sent' }
        : { state: 'failed', outcome: 'ambiguous', reason: 'the connection ended before the PUBACK' }
    case 'acknowledged':
    case 'handed-over':
      return { state: confirmedByReply ? 'sent' : 'delivered' }
  }
}

/** `{stage}/{event id}` */
const feedbackOf = (topic: string): { readonly stage: FeedbackStage; readonly eventId: string } => {
  const slash = topic.indexOf('/')
  return {
    stage: feedbackStages.find(one => one === topic.slice(0, slash)) ?? 'accepted',
    eventId: topic.slice(slash + 1),
  }
}

const broken: SendOutcome = { state: 'failed', outcome: 'permanent', reason: 'no such recipient' }

const overLineOutcomes: Readonly<Record<NonNullable<ReturnType<OverLine>>, SendOutcome>> = {
  written: { state: 'delivered' },
  'line-lost': { state: 'failed', outcome: 'transient', reason: 'the line is lost' },
  unheard: { state: 'failed', outcome: 'permanent', reason: 'this device hears nothing' },
}

export const createMessenger = ({ registry, transport, overLine, webhook }: MessengerPorts): Messenger => {
  const toPoint = (kind: 'offer' | 'update', point: PointId, payload: string): Promise<PublishOutcome> =>
    transport().publish(`point:${point}`, kind === 'offer' ? offerTopic(point) : updateTopic(point), payload)

  const tell = (kind: 'offer' | 'update', point: PointId, payload: string): void => {
    // Not owed by the journal: a terminal that is gone again gets it with the next catch-up.
    toPoint(kind, point, payload).catch(() => undefined)
  }

  const feedback = async (device: DeviceId, delivery: NewDelivery, alarm: Alarm): Promise<SendOutcome> => {
    const { stage, eventId } = feedbackOf(delivery.topic)
    const written = overLine(device, eventId, stage)
    if (written) return overLineOutcomes[written]
    const payload = renderFeedback(alarm, { stage, eventId })
    return outcomeOf(await transport().publish(delivery.recipient, feedbackTopic(device), payload), false)
  }

  return {
    async send(delivery, alarm) {
      const [, id] = /^(?:point|device):(.+)$/.exec(delivery.recipient) ?? []
      const point = PointId.safeParse(id)
      const device = DeviceId.safeParse(id)
      switch (delivery.kind) {
        case 'offer':
          return point.success
            ? outcomeOf(await toPoint('offer', point.data, renderOffer(alarm, point.data, registry)), true)
            : broken
        case 'update':
          return point.success
            ? outcomeOf(
                await toPoint('update', point.data, renderUpdate(alarm, { point: point.data, registry })),
                false,
              )
            : broken
        case 'feedback':
          return device.success ? feedback(device.data, delivery, alarm) : broken
        case 'prompt':
          return device.success
            ? outcomeOf(
                await transport().publish(
                  delivery.recipient,
                  feedbackTopic(device.data),
                  renderPrompt(alarm),
                ),
                false,
              )
            : broken
        case 'notice':
          return webhook
            ? webhook(delivery.id, renderNotice(alarm, delivery, registry))
            : { state: 'failed', outcome: 'permanent', reason: 'no webhook is set any more' }
      }
    },
    catchUp(point, alarms) {
      for (const alarm of alarms) {
        const holds = alarm.holder?.kind === 'point' && alarm.holder.id === point
        const isAsked = alarm.asked.some(one => one.kind === 'point' && one.point === point)
        if (holds) tell('update', point, renderUpdate(alarm, { point, registry }))
        else if (isAsked && alarm.state === 'offered')
          tell('offer', point, renderOffer(alarm, point, registry))
      }
    },
    tellRefused(point, alarm, refused) {
      tell('update', point, renderUpdate(alarm, { point, registry, refused }))
    },
  }
}
