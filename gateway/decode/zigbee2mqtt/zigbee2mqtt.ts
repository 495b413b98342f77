/**
 * What Zigbee2MQTT publishes below its base topic, and what it says of devices.
 *
 * Takes messages one after the other, and the time. Gives what devices did and measured, by friendly name. Keeps what was
 * told last, because Zigbee2MQTT tells states again and again: `save()` carries it over a restart.
 * Never throws, never grows beyond its limits, and never lets a press go because it looks like the one before.
 *
 * Topics: `{base}/{friendly name}`, `…/availability`, `{base}/bridge/state`, `{base}/bridge/devices`. The rest of
 * `bridge/` is the bridge's own business, and `…/set` and `…/get` are questions to devices.
 */
import type { Instant } from '../../model/ids.ts'
import type { DiscardReason, Observation } from '../../model/observation.ts'
import { createDiscards } from '../discards.ts'
import { decodeJsonObject, own } from '../json.ts'
import { conditionsOf } from './conditions.ts'
import { decodeZigbeeDevices, type ZigbeeDevice } from './devices.ts'
import { fingerprintOf } from './fingerprint.ts'
import { createMemories } from './memory.ts'
import { pressOf } from './presses.ts'
import { type EventHead, measurementOf, readState, statusOf } from './state.ts'

/** So long after it has appeared, the bridge publishes the states that it remembers. */
const replayMs = 15_000
/** MQTT would allow 65,535. */
const maxNameLength = 256

export type ZigbeeInput = {
  readonly topic: string
  readonly payload: Uint8Array
  /** The broker had stored it. */
  readonly stored: boolean
  /** The bridge asked the broker to store it: that says nothing of its age. */
  readonly toBeStored?: boolean
}

export type ZigbeeOutput =
  | {
      readonly type: 'observed'
      readonly name: string
      readonly ieee?: string
      readonly observation: Observation
    }
  | { readonly type: 'discovered'; readonly devices: readonly ZigbeeDevice[] }
  /** It was heard just now, and said nothing else. */
  | { readonly type: 'alive'; readonly name: string; readonly ieee?: string }
  /** The bridge itself comes or goes. */
  | { readonly type: 'bridge'; readonly online: boolean }
  | { readonly type: 'discarded'; readonly reason: DiscardReason; readonly detail: string }

export interface Zigbee2Mqtt {
  step(input: ZigbeeInput, now: Instant): readonly ZigbeeOutput[]
  /** For `createZigbee2Mqtt` after a restart. */
  save(): string
}

const discard = (reason: DiscardReason, detail: string): readonly ZigbeeOutput[] => [
  { type: 'discarded', reason, detail },
]

const isQuestion = (name: string): boolean => /\/(?:set|get)(?:\/[^/]+)?$/.test(name)

const text = new TextDecoder()

/** Told before; or to be stored for whoever comes later, by a bridge of which nothing is known yet. */
const isKnown = ({ toBeStored }: ZigbeeInput, fingerprint: number, before: number | undefined): boolean =>
  fingerprint === before || (toBeStored === true && before === undefined)

/** `{"state":"online"}`, or the bare word of older bridges. */
const readOnline = (payload: Uint8Array): boolean | undefined => {
  const json = decodeJsonObject(payload)
  const word = json.ok ? own(json.value, 'state') : text.decode(payload.subarray(0, 16))
  return word === 'online' ? true : word === 'offline' ? false : undefined
}

/** `base` has no slash at its end. */
export const createZigbee2Mqtt = (base: string, saved?: string): Zigbee2Mqtt => {
  const memories = createMemories(saved)
  /** When the bridge, or this gateway, began to speak and hear. */
  let appearedAt: Instant | undefined

  const isReplaying = (now: Instant): boolean =>
    appearedAt !== undefined && now >= appearedAt && now < appearedAt + replayMs

  const origin = (name: string): { readonly name: string; readonly ieee?: string } => {
    const ieee = memories.ieeeOf(name)
    return { name, ...(ieee !== undefined && { ieee }) }
  }
  const observed = (name: string, observation: Observation): ZigbeeOutput => ({
    type: 'observed',
    ...origin(name),
    observation,
  })

  const onState = (name: string, input: ZigbeeInput, now: Instant): readonly ZigbeeOutput[] => {
    const { payload } = input
    const object = decodeJsonObject(payload)
    if (!object.ok) return discard(object.reason, object.detail)
    const before = memories.of(name)
    const fingerprint = fingerprintOf(payload)
    // Once for each appearance: whoever presses twice while the bridge starts is heard at the second time, if not before.
    const mayBeRetold = isReplaying(now) && before.retoldFor !== appearedAt
    const isRetold = !input.stored && mayBeRetold && isKnown(input, fingerprint, before.fingerprint)
    const isReplayed = input.stored || isRetold
    const discards = createDiscards()
    const message = readState(object.value, isReplayed, discards)
    const { told, lastSeen } = message

    // The time and a number that only grows: unique also if what was saved is lost.
    const head = (): EventHead => ({
      eventId: `${now}-${memories.nextEvent()}`,
      ...(lastSeen !== undefined && { deviceTime: lastSeen }),
    })
    const press = pressOf(message, before, head)
    const observations: readonly (Observation | undefined)[] = [
      press,
      ...conditionsOf(before.told, told, head),
      ...(isReplayed ? [] : [statusOf(message), measurementOf(message, discards)]),
    ]
    const pressedAt = press && lastSeen !== undefined ? lastSeen : before.pressedAt
    const retoldFor = isRetold ? appearedAt : before.retoldFor
    memories.keep(name, {
      told: { ...before.told, ...told },
      fingerprint,
      ...(pressedAt !== undefined && { pressedAt }),
      ...(retoldFor !== undefined && { retoldFor }),
    })

    const outputs = observations
      .filter(observation => observation !== undefined)
      .map(observation => observed(name, observation))
    if (outputs.length === 0 && !isReplayed) outputs.push({ type: 'alive', ...origin(name) })
    return [
      ...outputs,
      ...discards.list().flatMap(({ reason, detail }) => discard(reason, `${name}: ${detail}`)),
    ]
  }

  /** The bridge's word of what it has heard; when it starts, it says so of every device without having heard it. */
  const onAvailability = (
    name: string,
    { payload, stored }: ZigbeeInput,
    now: Instant,
  ): readonly ZigbeeOutput[] => {
    const online = readOnline(payload)
    if (online === undefined) return discard('wrong-shape', `${name}: neither online nor offline`)
    if (!online) return [observed(name, { kind: 'status', online })]
    return stored || isReplaying(now) ? [] : [{ type: 'alive', ...origin(name) }]
  }

  const onBridge = (
    topic: string,
    { payload, stored }: ZigbeeInput,
    now: Instant,
  ): readonly ZigbeeOutput[] => {
    if (topic === 'bridge/state') {
      const online = readOnline(payload)
      if (online === undefined) return discard('wrong-shape', 'bridge: neither online nor offline')
      if (online) appearedAt = now
      return stored ? [] : [{ type: 'bridge', online }]
    }
    if (topic !== 'bridge/devices') return []
    const list = decodeZigbeeDevices(payload)
    if (!list.ok) return discard(list.reason, `bridge/devices: ${list.detail}`)
    memories.list(new Map(list.value.map(({ name, ieee }) => [name, ieee])))
    return [{ type: 'discovered', devices: list.value }]
  }

  return {
    step(input, now) {
      appearedAt ??= now
      const { topic, payload } = input
      const name = topic.slice(base.length + 1)
      if (!topic.startsWith(`${base}/`) || name === '') return discard('not-read', 'no topic of this bridge')
      if (name.length > maxNameLength) return discard('oversized', `a name of ${name.length} characters`)
      // Nothing: how a broker is told to forget what it had stored [MQTT-3.3.1-10].
      if (payload.byteLength === 0) return []
      if (name.startsWith('bridge/')) return onBridge(name, input, now)
      if (memories.ieeeOf(name) !== undefined) return onState(name, input, now)
      if (isQuestion(name)) return []
      const device = name.replace(/\/availability$/, '')
      return device === name ? onState(name, input, now) : onAvailability(device, input, now)
    },
    save: memories.save,
  }
}
