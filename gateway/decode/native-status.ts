/**
 * Native MQTT `status`, also as last will: `{"online"?,"batteryPercent"?,"batteryLow"?,"rssiDbm"?,"mains"?,"tamper"?,
 * "firmware"?}`. A bad member costs itself only; members that nobody documented are ignored.
 */
import { z } from 'zod'
import { metrics } from '../model/measurement.ts'
import type { Decoded, DeviceStatus } from '../model/observation.ts'
import { createDiscards, type Discard } from './discards.ts'
import { goodMembers } from './good-members.ts'
import { decodeJsonObject } from './json.ts'

const within = ({ min, max }: { readonly min: number; readonly max: number }) => z.number().min(min).max(max)

const Status = z.object({
  online: z.boolean().exactOptional(),
  batteryPercent: within(metrics.batteryPercent).exactOptional(),
  batteryLow: z.boolean().exactOptional(),
  rssiDbm: within(metrics.rssiDbm).exactOptional(),
  mains: z.boolean().exactOptional(),
  tamper: z.boolean().exactOptional(),
  firmware: z.string().max(100).exactOptional(),
})

/** `discarded`: members that were left out, if any were. */
type DecodedStatus = Decoded<DeviceStatus> & { readonly discarded?: readonly Discard[] }

export const decodeNativeStatus = (payload: Uint8Array): DecodedStatus => {
  const object = decodeJsonObject(payload)
  if (!object.ok) return object
  const discards = createDiscards()
  const status = goodMembers(Status, object.value, discards)
  const discarded = discards.list()
  return {
    ok: true,
    value: { kind: 'status', ...status },
    ...(discarded.length > 0 && { discarded }),
  }
}
