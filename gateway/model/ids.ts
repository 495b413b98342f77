/**
 * Identifiers. Each kind of id is its own type, so that a home's id can never be passed for a device's.
 * The alphabet is what may stand as one MQTT topic level, one URL path segment and one file name.
 */
import { z } from 'zod'

const idText = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
    'letters, digits, ".", "_" and "-", at most 64, not starting with a sign',
  )

export const AreaId = idText.brand<'AreaId'>()
export type AreaId = z.infer<typeof AreaId>
export const PointId = idText.brand<'PointId'>()
export type PointId = z.infer<typeof PointId>
export const ResponderId = idText.brand<'ResponderId'>()
export type ResponderId = z.infer<typeof ResponderId>
export const HomeId = idText.brand<'HomeId'>()
export type HomeId = z.infer<typeof HomeId>
export const ResidentId = idText.brand<'ResidentId'>()
export type ResidentId = z.infer<typeof ResidentId>
export const DeviceId = idText.brand<'DeviceId'>()
export type DeviceId = z.infer<typeof DeviceId>
/** Who runs beds: a care institution. */
export const InstitutionId = idText.brand<'InstitutionId'>()
export type InstitutionId = z.infer<typeof InstitutionId>
export const BedId = idText.brand<'BedId'>()
export type BedId = z.infer<typeof BedId>
/** Of an installation. */
export const JobId = idText.brand<'JobId'>()
export type JobId = z.infer<typeof JobId>
export const UserId = idText.brand<'UserId'>()
export type UserId = z.infer<typeof UserId>
/** A UUID of version 7: sorts by the time of raising. */
export const AlarmId = z.string().min(1).max(64).brand<'AlarmId'>()
export type AlarmId = z.infer<typeof AlarmId>

/** A moment: milliseconds since 1970-01-01T00:00:00Z. Written outside as RFC 3339 text. */
export type Instant = number
