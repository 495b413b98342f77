/** The native topics: what a topic name says about origin and meaning, and the names to send under. */
import type { DeviceId, PointId } from '../model/ids.ts'

const prefix = 'anling/v1'

export type DeviceTopic = 'event' | 'measure' | 'status'

export type NativeTopic =
  | { readonly from: 'device'; readonly device: string; readonly topic: DeviceTopic }
  | { readonly from: 'point'; readonly point: string }

const pattern = /^anling\/v1\/(?:points\/([^/]+)\/reply|([^/]+)\/(event|measure|status))$/

/** Undefined: a topic on which nobody may send anything to the gateway. */
export const parseTopic = (topic: string): NativeTopic | undefined => {
  const match = pattern.exec(topic)
  if (!match) return undefined
  const [, point, device, kind] = match
  if (point !== undefined) return { from: 'point', point }
  return device !== undefined && (kind === 'event' || kind === 'measure' || kind === 'status')
    ? { from: 'device', device, topic: kind }
    : undefined
}

export const feedbackTopic = (device: DeviceId): string => `${prefix}/${device}/feedback`
export const offerTopic = (point: PointId): string => `${prefix}/points/${point}/offer`
export const updateTopic = (point: PointId): string => `${prefix}/points/${point}/update`
