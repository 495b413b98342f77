/**
 * What is personal in a record, marked in one place (`personal`, used by `records.ts`), who sees it in clear, and how it
 * is shown to everybody else. What is marked is also what is encrypted on disk. Pure.
 */
import { z } from 'zod'
import type { Role } from './permissions.ts'

/**
 * identity: who and where somebody is. contact: how to reach somebody. health: what PIPL art. 28 calls sensitive.
 */
export type Sensitivity = 'identity' | 'contact' | 'health'

/** Fields that are personal. */
export const personal = z.registry<{ readonly is: Sensitivity }>()

const atWork = ['administrator', 'operator', 'shift-leader', 'point-lead', 'responder'] as const

/** Nobody sees a phone number without asking for it: every look is on record (`reveal`). */
export const seenBy: Readonly<Record<Sensitivity, readonly Role[]>> = {
  identity: [...atWork, 'family', 'technician', 'institution'],
  health: [...atWork, 'family', 'institution'],
  contact: [],
}

/** Who is looking: a role, or somebody to whom it was revealed. */
export type Viewer = { readonly role: Role } | 'revealed'

export const seesClear = (viewer: Viewer, is: Sensitivity): boolean =>
  viewer === 'revealed' || seenBy[is].includes(viewer.role)

/** 138****0001; short ones are hidden whole. */
const maskPhone = (phone: string): string =>
  phone.length < 8 ? '****' : `${phone.slice(0, 3)}****${phone.slice(-4)}`

/** 王*: the family name is left, so that two people in one home can be told apart. */
const maskText = (text: string): string =>
  text === '' ? '' : `${String.fromCodePoint(text.codePointAt(0) ?? 0)}**`

const unwrapped = (type: z.core.$ZodType): z.core.$ZodType =>
  type instanceof z.ZodOptional || type instanceof z.ZodDefault || type instanceof z.ZodExactOptional
    ? unwrapped(type.unwrap())
    : type

const sensitivityOf = (type: z.core.$ZodType): Sensitivity | undefined =>
  (personal.get(type) ?? personal.get(unwrapped(type)))?.is

/** Texts are shown in part; numbers, flags and positions not at all. */
const maskValue = (is: Sensitivity, value: unknown): unknown => {
  if (typeof value !== 'string') return undefined
  return is === 'contact' ? maskPhone(value) : maskText(value)
}

type Fields = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null

const fieldsOf = ({ shape }: z.ZodObject): Readonly<Record<string, z.core.$ZodType | undefined>> => shape

const maskField = (type: z.core.$ZodType, value: unknown, viewer: Viewer): unknown => {
  const is = sensitivityOf(type)
  if (is) return seesClear(viewer, is) ? value : maskValue(is, value)
  const inner = unwrapped(type)
  if (inner instanceof z.ZodArray && Array.isArray(value))
    return value.map(one => maskField(inner.element, one, viewer))
  return inner instanceof z.ZodObject && isObject(value) ? maskFields(inner, value, viewer) : value
}

/** The record as this viewer sees it. Fields that cannot be shown in part are left out. */
export function maskFields<T extends object>(schema: z.ZodObject, record: T, viewer: Viewer): Partial<T>
export function maskFields(schema: z.ZodObject, record: object, viewer: Viewer): Fields {
  if (viewer === 'revealed') return { ...record }
  const shown = Object.entries(record).map(([name, value]) => {
    const type = fieldsOf(schema)[name]
    return [name, type === undefined ? value : maskField(type, value, viewer)] as const
  })
  return Object.fromEntries(shown.filter(([, value]) => value !== undefined))
}

const holds = (shown: Fields, fields: Fields): boolean =>
  Object.entries(fields).every(([name, value]) => shown[name] === value)

/** Of those that were there, the one that was shown as `one` is: whole if there is such, else in what is masked of it. */
const twinOf = (type: z.ZodObject, one: Fields, old: readonly unknown[], viewer: Viewer) => {
  const shown = old.filter(isObject).map(fields => ({ fields, mask: maskFields(type, fields, viewer) }))
  const isMasked = ({ fields, mask }: (typeof shown)[number]): boolean =>
    Object.entries(mask).every(([name, value]) => fields[name] === value || one[name] === value)
  return (shown.find(({ mask }) => holds(one, mask)) ?? shown.find(isMasked))?.fields
}

const unmaskField = (type: z.core.$ZodType, value: unknown, before: unknown, viewer: Viewer): unknown => {
  if (sensitivityOf(type)) {
    const isAsShown = before !== undefined && value === maskField(type, before, viewer)
    return isAsShown ? before : value
  }
  const inner = unwrapped(type)
  if (inner instanceof z.ZodObject && isObject(value) && isObject(before))
    return unmaskFields(inner, value, before, viewer)
  if (!(inner instanceof z.ZodArray) || !Array.isArray(value) || !Array.isArray(before)) return value
  const { element } = inner
  if (!(element instanceof z.ZodObject)) return value
  const old: readonly unknown[] = before
  return value.map((one: unknown, index) => {
    // First the one in the same place: two may look alike.
    const twin = isObject(one) ? twinOf(element, one, [old[index], ...old], viewer) : undefined
    return unmaskField(element, one, twin, viewer)
  })
}

/**
 * A change of `before` as it is meant: what comes back as it was shown stays as it is, so that whoever reads, edits and
 * writes a record destroys no telephone number.
 */
export const unmaskFields = (schema: z.ZodObject, change: Fields, before: object, viewer: Viewer): Fields => {
  const old: Fields = { ...before }
  return Object.fromEntries(
    Object.entries(change).map(([name, value]) => {
      const type = fieldsOf(schema)[name]
      return [name, type === undefined ? value : unmaskField(type, value, old[name], viewer)] as const
    }),
  )
}

/** Whether this viewer sees a field of the record in clear. */
export const seesField = (schema: z.ZodObject, name: string, viewer: Viewer): boolean => {
  const type = fieldsOf(schema)[name]
  const is = type && sensitivityOf(type)
  return is === undefined || seesClear(viewer, is)
}

const holdsPersonal = (type: z.core.$ZodType): boolean => {
  if (sensitivityOf(type)) return true
  const inner = unwrapped(type)
  if (inner instanceof z.ZodArray) return holdsPersonal(inner.element)
  return (
    inner instanceof z.ZodObject &&
    Object.values(fieldsOf(inner)).some(type => type !== undefined && holdsPersonal(type))
  )
}

/** The record's own fields that are personal, or hold something that is. */
export const personalFieldsOf = (schema: z.ZodObject): readonly string[] =>
  Object.keys(fieldsOf(schema)).filter(name => {
    const type = fieldsOf(schema)[name]
    return type !== undefined && holdsPersonal(type)
  })
