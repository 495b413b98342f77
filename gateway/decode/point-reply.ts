/** What a service point's terminal answers: `{"alarm","epoch","action", …}`. */
import { z } from 'zod'
import { causes } from '../model/alarm.ts'
import { AlarmId } from '../model/ids.ts'
import type { Decoded } from '../model/observation.ts'
import { decodeJsonObject, discarded } from './json.ts'

const about = { alarm: AlarmId, epoch: z.number().int().min(0) }
const note = z.string().max(2_000).exactOptional()

const PointReply = z.discriminatedUnion('action', [
  z.object({ ...about, action: z.literal('received') }),
  z.object({ ...about, action: z.literal('acknowledge') }),
  z.object({ ...about, action: z.literal('release'), note }),
  z.object({ ...about, action: z.literal('resolve'), cause: z.enum(causes), note }),
])
export type PointReply = z.infer<typeof PointReply>

export const decodePointReply = (payload: Uint8Array): Decoded<PointReply> => {
  const object = decodeJsonObject(payload)
  if (!object.ok) return object
  const reply = PointReply.safeParse(object.value)
  return reply.success
    ? { ok: true, value: reply.data }
    : discarded('wrong-shape', z.prettifyError(reply.error))
}
