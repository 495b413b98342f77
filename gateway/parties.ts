/** Whom an identity on MQTT stands for. */
import { DeviceId, PointId } from './model/ids.ts'

/** A bridge is a device too: the one that speaks for others. A claim is a device that has no secret yet. */
export type Party =
  | { readonly kind: 'device' | 'bridge' | 'claim'; readonly device: DeviceId }
  | { readonly kind: 'point'; readonly point: PointId }

/** Undefined: there can be nobody of this name. */
export const whoIs = (identity: string): Party | undefined => {
  const colon = identity.indexOf(':')
  const kind = identity.slice(0, colon)
  const id = identity.slice(colon + 1)
  if (kind === 'point') {
    const point = PointId.safeParse(id)
    return point.success ? { kind, point: point.data } : undefined
  }
  const device = DeviceId.safeParse(id)
  const isDevice = kind === 'device' || kind === 'bridge' || kind === 'claim'
  return isDevice && device.success ? { kind, device: device.data } : undefined
}
