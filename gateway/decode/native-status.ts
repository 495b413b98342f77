/** Native MQTT `status`, also as last will: `{"online"?,"batteryPercent"?,"rssiDbm"?,"mains"?,"tamper"?,"firmware"?}`. */
import { z } from 'zod'
import type { Decoded, DeviceStatus } from '../model/observation.ts'
import { decodeJsonObject, discarded } from './json.ts'

const Status = z.object({
  online: z.boolean().exactOptional(),
  batteryPercent: z.number().min(0).max(100).exactOptional(),
  rssiDbm: z.number().exactOptional(),
  mains: z.boolean().exactOptional(),
  tamper: z.boolean().exactOptional(),
  firmware: z.string().max(100).exactOptional(),
})

export const decodeNativeStatus = (payload: Uint8Array): Decoded<DeviceStatus> => {
  const object = decodeJsonObject(payload)
  if (!object.ok) return object
  const status = Status.safeParse(object.value)
  if (!status.success) return discarded('wrong-shape', z.prettifyError(status.error))
  return { ok: true, value: { kind: 'status', ...status.data } }
}
