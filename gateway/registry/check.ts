/** What a record must be before it may land: its shape, a known datum, readable hours, and whom it refers to. */
import { z } from 'zod'
import { parseOpeningHours } from '../kit/opening-hours.ts'
import type { ErrorCode } from '../model/errors.ts'
import {
  AreaRecord,
  DeviceRecord,
  HomeRecord,
  Position,
  type RecordOf,
  ResidentRecord,
  ResponderRecord,
  ServicePointRecord,
  type Table,
} from '../model/records.ts'
import { issueInChinese } from './issue-in-chinese.ts'
import { toWgs84 } from './position.ts'

/** In both languages: a row is refused before people who read the one or the other. */
export type Problem = {
  readonly field: string | null
  readonly code: ErrorCode
  readonly message: string
  readonly messageZh: string
}

export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: Problem }

/** A record in shape, with the secret that came with it. */
export type Shaped<T extends Table = Table> = {
  readonly record: RecordOf[T]
  readonly secret: string | undefined
}

/** What references are checked against. */
export type Known = {
  has(table: Table, id: string): boolean
  parentOf(area: string): string | undefined
}

/** Records as they are stored. */
export const storedSchemas = {
  areas: AreaRecord,
  servicePoints: ServicePointRecord,
  responders: ResponderRecord,
  homes: HomeRecord,
  residents: ResidentRecord,
  devices: DeviceRecord,
} as const satisfies { [T in Table]: z.ZodType<RecordOf[T]> }

const WithSecret = z.object({ secret: z.string().min(1).max(256).optional() })
const WithoutSecret = z.object({}).transform(() => ({ secret: undefined }))

/** What comes with a row beside its record. */
export const sideSchemas = {
  areas: WithoutSecret,
  servicePoints: WithSecret,
  responders: WithoutSecret,
  homes: WithoutSecret,
  residents: WithoutSecret,
  devices: WithSecret,
} as const satisfies { [T in Table]: z.ZodType<{ secret?: string | undefined }> }

const references: { readonly [T in Table]: readonly (readonly [field: string, to: Table])[] } = {
  areas: [['parent', 'areas']],
  servicePoints: [['area', 'areas']],
  responders: [['point', 'servicePoints']],
  homes: [['area', 'areas']],
  residents: [['home', 'homes']],
  devices: [
    ['home', 'homes'],
    ['resident', 'residents'],
  ],
}

/** Texts that many points share are read once; at the limit the memory is emptied. */
const maxRememberedHours = 1_000
const hoursZh = '无法识别，应为 OpenStreetMap opening_hours 的写法，如 Mo-Fr 08:00-18:00'

export const createShapeCheck = () => {
  const hoursErrors = new Map<string, string | undefined>()
  const hoursErrorOf = (text: string): string | undefined => {
    if (!hoursErrors.has(text)) {
      if (hoursErrors.size >= maxRememberedHours) hoursErrors.clear()
      const parsed = parseOpeningHours(text)
      hoursErrors.set(text, parsed.ok ? undefined : parsed.error)
    }
    return hoursErrors.get(text)
  }
  const Hours = ServicePointRecord.shape.hours.superRefine((text, context) => {
    const message = hoursErrorOf(text)
    if (message !== undefined) context.addIssue({ code: 'custom', message, params: { messageZh: hoursZh } })
  })
  // Checked again after the shift: at the edge of the world it can lead out of range.
  const Wgs84 = Position.transform(toWgs84).pipe(Position)
  const schemas: { readonly [T in Table]: z.ZodType<RecordOf[T]> } = {
    ...storedSchemas,
    servicePoints: ServicePointRecord.extend({ position: Wgs84, hours: Hours }),
    homes: HomeRecord.extend({ position: Wgs84.optional() }),
    // An erasure is a deed, nothing that somebody can write.
    residents: ResidentRecord.omit({ erasedAt: true }),
  }

  return <T extends Table>(table: T, row: unknown): Checked<Shaped<T>> => {
    const record = schemas[table].safeParse(row, { reportInput: true })
    if (!record.success) return { ok: false, problem: shapeProblem(record.error) }
    const side = sideSchemas[table].safeParse(row, { reportInput: true })
    if (!side.success) return { ok: false, problem: shapeProblem(side.error) }
    return { ok: true, value: { record: record.data, secret: side.data.secret } }
  }
}

const shapeProblem = ({ issues }: z.ZodError): Problem => {
  const first = issues[0]
  return {
    field: first && first.path.length > 0 ? first.path.join('.') : null,
    code: first ? shapeCode(first) : 'invalid-record',
    message: issues.map(issue => saidOf(issue, ': ', issue.message)).join('; '),
    messageZh: issues.map(issue => saidOf(issue, '：', issueInChinese(issue))).join('；'),
  }
}

const saidOf = ({ path }: z.core.$ZodIssue, colon: string, message: string): string =>
  [path.join('.'), message].filter(Boolean).join(colon)

const shapeCode = ({ code, path }: z.core.$ZodIssue): ErrorCode => {
  if (path[0] === 'position' && path[1] === 'datum') return 'missing-datum'
  return path[0] === 'hours' && code === 'custom' ? 'invalid-hours' : 'invalid-record'
}

/** Whom the record refers to must be there, and no area may come to lie inside itself. */
export const checkReferences = (table: Table, record: RecordOf[Table], known: Known): Problem | undefined => {
  const fields: Readonly<Record<string, unknown>> = record
  for (const [field, to] of references[table]) {
    const id = fields[field]
    if (typeof id === 'string' && !known.has(to, id))
      return {
        field,
        code: 'unknown-reference',
        message: `there is no ${id} in ${to}`,
        messageZh: `${to} 中没有 ${id}`,
      }
  }
  for (let area = parentOf(record); area !== undefined; area = known.parentOf(area))
    if (area === record.id) return circular
  return undefined
}

export const circular: Problem = {
  field: 'parent',
  code: 'area-cycle',
  message: 'its chain of parents leads back to itself',
  messageZh: '上级区域的链条回到了它自己',
}

export const parentOf = (record: RecordOf[Table]): string | undefined =>
  'parent' in record ? record.parent : undefined
