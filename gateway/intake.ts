/**
 * Takes native MQTT messages of devices and terminals. Gives what devices say to the hearing, what people at terminals do to
 * the desk, and the answer that counts: may this message be acknowledged?
 * Never refuses for ever what can never be understood: that is counted, kept visible, and acknowledged, or its sender
 * would repeat it until its battery is empty.
 */
import { decodeNativeEvent } from './decode/native-event.ts'
import { decodeNativeMeasure } from './decode/native-measure.ts'
import { decodeNativeStatus } from './decode/native-status.ts'
import { decodePointReply, type PointReply } from './decode/point-reply.ts'
import { type DeviceTopic, parseTopic } from './decode/topics.ts'
import { isPassing } from './door.ts'
import type { Hearing } from './hearing.ts'
import { createInOrder } from './kit/in-order.ts'
import type { Clock } from './model/clock.ts'
import type { Desk, PersonCommand } from './model/desk.ts'
import type { ErrorCode } from './model/errors.ts'
import { type AlarmId, DeviceId, PointId } from './model/ids.ts'
import type { Decoded } from './model/observation.ts'

export type IntakePorts = {
  readonly hearing: Hearing
  readonly desk: Desk
  readonly clock: Clock
  /** A device has said something that cannot be understood: it is alive. */
  readonly onSeen: (device: DeviceId, at: number) => void
  /** A terminal has said something about an alarm: it surely has what it was sent. */
  readonly onHeard: (point: PointId, about: { readonly alarm: AlarmId; readonly epoch: number }) => void
  /** A terminal has done something: for the trail. */
  readonly onActed: (point: PointId, alarm: AlarmId, action: string, outcome: 'done' | ErrorCode) => void
  /** A terminal's reply was refused: it must learn how the alarm stands. */
  readonly onRefused: (point: PointId, alarm: AlarmId, refused: ErrorCode) => void
  readonly countDiscarded: (reason: string, origin: string, detail: string) => void
}

export interface Intake {
  /** Resolves true when the message may be acknowledged. */
  accept(topic: string, payload: Uint8Array): Promise<boolean>
}

/** `received` asks for nothing: it only confirms. */
const commandOf = (reply: PointReply): PersonCommand | undefined => {
  switch (reply.action) {
    case 'received':
      return undefined
    case 'acknowledge':
      return { type: 'acknowledge', epoch: reply.epoch }
    case 'release':
      return { type: 'release', epoch: reply.epoch, ...(reply.note !== undefined && { note: reply.note }) }
    case 'resolve':
      return {
        type: 'resolve',
        epoch: reply.epoch,
        cause: reply.cause,
        ...(reply.note !== undefined && { note: reply.note }),
      }
  }
}

export const createIntake = (ports: IntakePorts): Intake => {
  const { hearing, desk, clock, countDiscarded } = ports
  const inOrder = createInOrder()

  const onReply = async (point: PointId, reply: PointReply): Promise<boolean> => {
    const command = commandOf(reply)
    ports.onHeard(point, reply)
    if (!command) return true
    const answer = await desk.act(reply.alarm, command, { kind: 'point', id: point })
    ports.onActed(point, reply.alarm, reply.action, 'refused' in answer ? answer.refused : 'done')
    if (!('refused' in answer)) return true
    if (isPassing(answer.refused)) return false
    ports.onRefused(point, reply.alarm, answer.refused)
    return true
  }

  /** Undefined: discarded, on record, and acknowledged. */
  const decoded = <T>(result: Decoded<T>, origin: string): T | undefined => {
    if (result.ok) return result.value
    countDiscarded(result.reason, origin, result.detail)
    return undefined
  }

  const fromDevice = async (device: DeviceId, topic: DeviceTopic, payload: Uint8Array): Promise<boolean> => {
    const receivedAt = clock.now()
    switch (topic) {
      case 'event': {
        const observation = decoded(decodeNativeEvent(payload), device)
        if (observation) return hearing.take({ device, receivedAt, observation })
        break
      }
      case 'status': {
        const result = decodeNativeStatus(payload)
        for (const { reason, detail } of result.discarded ?? []) countDiscarded(reason, device, detail)
        const heard = decoded(result, device)
        if (heard) return hearing.take({ device, receivedAt, observation: heard })
        break
      }
      case 'measure': {
        const heard = decoded(decodeNativeMeasure(payload), device)
        for (const { reason, detail } of heard?.discarded ?? []) countDiscarded(reason, device, detail)
        ports.onSeen(device, receivedAt)
        return heard ? hearing.takeMeasurements(device, receivedAt, heard.measurements) : true
      }
    }
    ports.onSeen(device, receivedAt)
    return true
  }

  return {
    accept(name, payload) {
      const topic = parseTopic(name)
      if (topic?.from === 'point') {
        const point = PointId.safeParse(topic.point)
        const reply = decoded(decodePointReply(payload), `point:${topic.point}`)
        return point.success && reply
          ? inOrder(`point:${point.data}`, () => onReply(point.data, reply))
          : Promise.resolve(true)
      }
      const device = DeviceId.safeParse(topic?.device)
      if (!topic || !device.success) {
        countDiscarded('not-read', name, 'no such topic is read')
        return Promise.resolve(true)
      }
      return fromDevice(device.data, topic.topic, payload)
    },
  }
}
