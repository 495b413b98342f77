/**
 * The registry's records: areas, service points, responders, homes, residents, devices. Each schema is the shape that
 * the outside sends; stored records are the same with positions in WGS-84 and without secrets.
 */
import { z } from 'zod'
import { emergencyServices, presetNames } from './alarm.ts'
import { AreaId, DeviceId, HomeId, PointId, ResidentId, ResponderId, UserId } from './ids.ts'
import { personal, type Sensitivity } from './personal.ts'

export const datums = ['WGS84', 'GCJ02', 'BD09'] as const

/** Degrees. A position without its datum is refused: in these cities the difference is about 500 m. */
export const Position = z.object({
  lat: z.number().min(-90).max(90),
  lon: z.number().min(-180).max(180),
  datum: z.enum(datums),
})
export type Position = z.infer<typeof Position>

const name = z.string().min(1).max(200)
const phone = z.string().max(40)
const medicalText = z.string().max(1_000)

/** Marks a field as personal: encrypted on disk, shown by `personal.ts`. */
const sensitive = <T extends z.ZodType>(is: Sensitivity, type: T): T => {
  personal.add(type, { is })
  return type
}

export const AreaRecord = z.object({
  id: AreaId,
  name,
  level: z.enum(['city', 'county', 'street']),
  parent: AreaId.optional(),
  /** Service-level preset of this area and of the areas inside it that name none. */
  preset: z.enum(presetNames).optional(),
})
export type AreaRecord = z.infer<typeof AreaRecord>

export const ServicePointRecord = z.object({
  id: PointId,
  name,
  area: AreaId,
  position: Position,
  /** OpenStreetMap `opening_hours`. */
  hours: z.string().min(1).max(500).default('24/7'),
  /** `emergency` takes calls, hazards and inferred alarms; `service` takes service requests. */
  capabilities: z.array(z.string().min(1).max(40)).max(40).default(['emergency']),
  phone: phone.optional(),
  /** A suspended point is never offered an alarm. */
  suspended: z.boolean().optional(),
})
export type ServicePointRecord = z.infer<typeof ServicePointRecord>

export const ResponderRecord = z.object({
  id: ResponderId,
  name,
  point: PointId,
  role: z.string().max(40).optional(),
  phone: sensitive('contact', phone.optional()),
  /** The login by which this responder accepts and declines. */
  user: UserId.optional(),
})
export type ResponderRecord = z.infer<typeof ResponderRecord>

export const HomeRecord = z.object({
  id: HomeId,
  address: sensitive('identity', z.string().min(1).max(300)),
  area: AreaId,
  position: sensitive('identity', Position.optional()),
  /** How to get in: entrance, floor, key holder. */
  doorNote: sensitive('identity', z.string().max(500).optional()),
  /** Who else can open the door. */
  keyHolder: z
    .object({ name: sensitive('identity', name.clone()), phone: sensitive('contact', phone.clone()) })
    .optional(),
  /** By which calls of one disaster are shown together; says of nobody where they live. */
  street: z.string().max(100).optional(),
})
export type HomeRecord = z.infer<typeof HomeRecord>

export const ContactRecord = z.object({
  name: sensitive('identity', name.clone()),
  relation: z.string().max(40).optional(),
  phone: sensitive('contact', phone.clone()),
  order: z.number().int().min(1).max(99).optional(),
})

/** ISO/IEC 5218 (GB/T 2261.1): not known, male, female, not stated. */
export const sexCodes = [0, 1, 2, 9] as const

export const ResidentRecord = z.object({
  id: ResidentId,
  home: HomeId,
  name: sensitive('identity', name.clone()),
  birthYear: sensitive('health', z.number().int().min(1890).max(2100).optional()),
  sex: sensitive('health', z.literal(sexCodes).describe('ISO/IEC 5218: 1 male, 2 female').optional()),
  phone: sensitive('contact', phone.optional()),
  /** GB/T 42195-2022: 0 intact, 1 mild, 2 moderate, 3 severe, 4 complete loss of ability. */
  abilityLevel: sensitive('health', z.number().int().min(0).max(4).optional()),
  /** Impaired cognition: among others, the resident cannot take an alarm back. */
  cognition: sensitive('health', z.boolean().optional()),
  allergies: sensitive('health', medicalText.optional()),
  conditions: sensitive('health', medicalText.optional()),
  medicines: sensitive('health', medicalText.optional()),
  bloodType: sensitive('health', z.string().max(10).optional()),
  hearing: sensitive('health', z.enum(['good', 'impaired', 'deaf']).optional()),
  /** What to speak with the resident. */
  dialect: sensitive('health', z.string().max(60).optional()),
  /** How the resident gets about: with a stick, in a wheelchair, not at all. */
  mobility: sensitive('health', z.string().max(200).optional()),
  /** Of the identity card (GB 11643): nobody sees it without asking for it. */
  idNumber: sensitive('contact', z.string().max(40).optional()),
  /** May "I am fine" end a suspected alarm? Default: yes, unless `cognition` is set. */
  mayCancel: z.boolean().optional(),
  /** Whom the signed agreement (代呼协议) lets the desk call in the resident's name. Absent: nobody. */
  agreement: z.array(z.enum(emergencyServices)).max(emergencyServices.length).optional(),
  contacts: z.array(ContactRecord).max(20).default([]),
  /** Has moved away or died: what is kept of this resident ends a while after (RFC 3339). */
  leftAt: z.iso.datetime({ offset: true }).optional(),
  /** When everything personal was taken out (RFC 3339): said by the gateway alone, and nothing can be written here again. */
  erasedAt: z.iso.datetime({ offset: true }).optional(),
})
export type ResidentRecord = z.infer<typeof ResidentRecord>

export const TransportRecord = z.union([
  z.strictObject({ mqtt: z.strictObject({}) }),
  z.strictObject({
    serial: z.strictObject({
      line: z.string().min(1).max(64),
      number: z.number().int().min(0).max(0xffff_ffff).optional(),
    }),
  }),
  z.strictObject({
    espa444: z.strictObject({ line: z.string().min(1).max(64), address: z.string().min(1).max(32) }),
  }),
  z.strictObject({ zigbee2mqtt: z.strictObject({ name: z.string().min(1).max(200) }) }),
])

export const DeviceRecord = z.object({
  id: DeviceId,
  model: z.string().min(1).max(100),
  home: HomeId.optional(),
  resident: ResidentId.optional(),
  room: z.string().max(100).optional(),
  transport: TransportRecord.default({ mqtt: {} }),
  /** A suspended device cannot log in. */
  suspended: z.boolean().optional(),
})
export type DeviceRecord = z.infer<typeof DeviceRecord>

/** The tables of the registry document, in the order in which they refer to each other. */
export const tables = ['areas', 'servicePoints', 'responders', 'homes', 'residents', 'devices'] as const
export type Table = (typeof tables)[number]

export type RecordOf = {
  areas: AreaRecord
  servicePoints: ServicePointRecord
  responders: ResponderRecord
  homes: HomeRecord
  residents: ResidentRecord
  devices: DeviceRecord
}

/** One row of an import that could not be taken. `row` counts from 0 in its table. */
export type RejectedRow = {
  readonly table: string
  readonly row: number
  readonly id: string | null
  readonly field: string | null
  readonly code: string
  readonly message: string
  readonly messageZh: string
}

/** A secret that was made at import: shown this once, stored only as a hash. */
export type NewSecret = {
  readonly table: 'servicePoints' | 'devices'
  readonly id: string
  readonly secret: string
}

type Counts = Readonly<Record<Table, number>>

/** dryRun: say what an import would do, and do nothing. */
export type ImportOptions = { readonly dryRun?: boolean }

export type ImportResult = {
  /** Rows that landed: those added, changed, and there as they are already. */
  readonly imported: Counts
  readonly added: Counts
  readonly changed: Counts
  readonly unchanged: Counts
  readonly rejected: readonly RejectedRow[]
  readonly secrets: readonly NewSecret[]
}
