/**
 * Native MQTT `event`: `{"id","type","at"?,"data"?}`. Total: what is optional and unreadable is left out, because it
 * must never cost the call; only without a usable id or type is there no event.
 */
import { type AlarmKind, isAlarmKind } from '../model/kinds.ts'
import type { Activity, Decoded, DeviceEvent, EventData } from '../model/observation.ts'
import { decodeJsonObject, discarded, freeData, instantOf, own } from './json.ts'

const maxIdLength = 64
const maxTypeLength = 64

/** What a device may say of itself. Other kinds of alarm are the gateway's own findings. */
const triggers: ReadonlySet<string> = new Set<AlarmKind>([
  'sos',
  'service',
  'fall',
  'smoke',
  'gas',
  'carbon-monoxide',
  'water-leak',
  'test',
])
const activities: readonly Activity[] = ['bed-exit', 'door-open', 'door-closed', 'motion']

const triggerOf = (text: unknown): AlarmKind | undefined =>
  typeof text === 'string' && triggers.has(text) && isAlarmKind(text) ? text : undefined

type Head = { readonly eventId: string; readonly deviceTime?: number; readonly data?: EventData }

const meaning = (type: string, head: Head): DeviceEvent => {
  const trigger = triggerOf(type)
  if (trigger) return { kind: 'trigger', trigger, ...head }
  const activity = activities.find(one => one === type)
  if (activity) return { kind: 'activity', activity, ...head }
  if (type === 'cancel') return { kind: 'cancel', ...head }
  const of = type === 'cleared' && head.data ? own(head.data, 'of') : undefined
  if (of === 'bed-exit') return { kind: 'activity', activity: 'bed-return', ...head }
  const cleared = triggerOf(of)
  return cleared ? { kind: 'cleared', trigger: cleared, ...head } : { kind: 'unknown', type, ...head }
}

export const decodeNativeEvent = (payload: Uint8Array): Decoded<DeviceEvent> => {
  const object = decodeJsonObject(payload)
  if (!object.ok) return object
  const id = own(object.value, 'id')
  const type = own(object.value, 'type')
  if (typeof id !== 'string' || id.length === 0 || id.length > maxIdLength) {
    return discarded('wrong-shape', `id: 1 to ${maxIdLength} characters`)
  }
  if (typeof type !== 'string' || type.length === 0 || type.length > maxTypeLength) {
    return discarded('wrong-shape', `type: 1 to ${maxTypeLength} characters`)
  }
  const deviceTime = instantOf(own(object.value, 'at'))
  const data = freeData(own(object.value, 'data'))
  return {
    ok: true,
    value: meaning(type, {
      eventId: id,
      ...(deviceTime !== undefined && { deviceTime }),
      ...(data && { data }),
    }),
  }
}
