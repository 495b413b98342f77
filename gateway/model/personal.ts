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

/** Who is looking: a role, perhaps without what it usually sees of health, or somebody to whom it was revealed. */
export type Viewer = { readonly role: Role; readonly withoutHealth?: true } | 'revealed'

export const seesClear = (viewer: Viewer, is: Sensitivity): boolean =>
  viewer === 'revealed' || (seenBy[is].includes(viewer.role) && !(is === 'health' && viewer.withoutHealth))

/** 138****0001; short ones are hidden whole. */
const maskPhone = (phone: string): string =>
  phone.length < 8 ? '****' : `${phone.slice(0, 3)}****${phone.slice(-4)}`

/** 王*: the family name is left, so that two people in one home can be told apart. */
const maskText = (text: string): string =>
  text === '' ? '' : `${String.fromCodePoint(text.codePointAt(0) ?? 0)}**`

/** Names and numbers to call are shown in part. Not so health: the first letter of a medicine says too much. */
const maskValue = (is: Sensitivity, value: unknown): unknown => {
  if (typeof value !== 'string' || is === 'health') return undefined
  return is === 'contact' ? maskPhone(value) : maskText(value)
}

/** What is personal in a type: all of it, something in each element, or something in some fields. */
type Marked = { readonly is: Sensitivity } | { readonly each: Marked } | { readonly fields: MarkedFields }
type MarkedFields = ReadonlyMap<string, Marked>

const unwrapped = (type: z.core.$ZodType): z.core.$ZodType =>
  type instanceof z.ZodOptional || type instanceof z.ZodDefault || type instanceof z.ZodExactOptional
    ? unwrapped(type.unwrap())
    : type

const markedIn = (type: z.core.$ZodType): Marked | undefined => {
  const inner = unwrapped(type)
  const is = (personal.get(type) ?? personal.get(inner))?.is
  if (is) return { is }
  if (inner instanceof z.ZodArray) {
    const each = markedIn(inner.element)
    return each && { each }
  }
  if (!(inner instanceof z.ZodObject)) return undefined
  const fields = markedFieldsOf(inner)
  return fields.size > 0 ? { fields } : undefined
}

/** Shapes do not change: each is looked through once, for a list of alarms asks hundreds of times. */
const known = new WeakMap<z.ZodObject, MarkedFields>()

const markedFieldsOf = (schema: z.ZodObject): MarkedFields => {
  const remembered = known.get(schema)
  if (remembered) return remembered
  const types: Readonly<Record<string, z.core.$ZodType>> = schema.shape
  const fields = new Map(
    Object.entries(types).flatMap(([name, type]) => {
      const marked = markedIn(type)
      return marked ? [[name, marked] as const] : []
    }),
  )
  known.set(schema, fields)
  return fields
}

type Fields = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null

const maskMarked = (marked: Marked, value: unknown, viewer: Viewer): unknown => {
  if ('is' in marked) return seesClear(viewer, marked.is) ? value : maskValue(marked.is, value)
  if ('each' in marked)
    return Array.isArray(value) ? value.map(one => maskMarked(marked.each, one, viewer)) : value
  return isObject(value) ? maskObject(marked.fields, value, viewer) : value
}

const maskObject = (fields: MarkedFields, record: object, viewer: Viewer): Fields => {
  const shown: Record<string, unknown> = { ...record }
  for (const [name, marked] of fields) {
    if (!(name in shown)) continue
    shown[name] = maskMarked(marked, shown[name], viewer)
    if (shown[name] === undefined) delete shown[name]
  }
  return shown
}

/** The record as this viewer sees it. Fields that cannot be shown in part are left out. */
export function maskFields<T extends object>(schema: z.ZodObject, record: T, viewer: Viewer): Partial<T>
export function maskFields(schema: z.ZodObject, record: object, viewer: Viewer): Fields {
  return maskObject(markedFieldsOf(schema), record, viewer)
}

const holds = (shown: Fields, fields: Fields): boolean =>
  Object.entries(fields).every(([name, value]) => shown[name] === value)

/** Of those that were there, the one that was shown as `one` is: whole if there is such, else in what is masked of it. */
const twinOf = (fields: MarkedFields, one: Fields, old: readonly unknown[], viewer: Viewer) => {
  const shown = old.filter(isObject).map(clear => ({ clear, mask: maskObject(fields, clear, viewer) }))
  const isMasked = ({ clear, mask }: (typeof shown)[number]): boolean =>
    Object.entries(mask).every(([name, value]) => clear[name] === value || one[name] === value)
  return (shown.find(({ mask }) => holds(one, mask)) ?? shown.find(isMasked))?.clear
}

const unmaskMarked = (marked: Marked, value: unknown, before: unknown, viewer: Viewer): unknown => {
  if ('is' in marked)
    return before !== undefined && value === maskMarked(marked, before, viewer) ? before : value
  if ('fields' in marked)
    return isObject(value) && isObject(before) ? unmaskObject(marked.fields, value, before, viewer) : value
  const { each } = marked
  if (!('fields' in each) || !Array.isArray(value) || !Array.isArray(before)) return value
  const old: readonly unknown[] = before
  return value.map((one: unknown, index) => {
    // First the one in the same place: two may look alike.
    const twin = isObject(one) ? twinOf(each.fields, one, [old[index], ...old], viewer) : undefined
    return unmaskMarked(each, one, twin, viewer)
  })
}

const unmaskObject = (fields: MarkedFields, change: Fields, before: Fields, viewer: Viewer): Fields =>
  Object.fromEntries(
    Object.entries(change).map(([name, value]) => {
      const marked = fields.get(name)
      return [name, marked ? unmaskMarked(marked, value, before[name], viewer) : value] as const
    }),
  )

/**
 * A change of `before` as it is meant: what comes back as it was shown stays as it is, so that whoever reads, edits and
 * writes a record destroys no telephone number.
 */
export const unmaskFields = (schema: z.ZodObject, change: Fields, before: object, viewer: Viewer): Fields =>
  unmaskObject(markedFieldsOf(schema), change, { ...before }, viewer)

/** The same for what may be no object, or the first of its id: then it is as it was given. */
export const asMeant = (
  schema: z.ZodObject,
  given: unknown,
  before: object | undefined,
  viewer: Viewer,
): unknown =>
  before && isObject(given) && !Array.isArray(given) ? unmaskFields(schema, given, before, viewer) : given

/** Whether this viewer sees a field of the record in clear. */
export const seesField = (schema: z.ZodObject, name: string, viewer: Viewer): boolean => {
  const marked = markedFieldsOf(schema).get(name)
  return marked === undefined || ('is' in marked && seesClear(viewer, marked.is))
}

/** The record's own fields that are personal, or hold something that is. */
export const personalFieldsOf = (schema: z.ZodObject): readonly string[] => [...markedFieldsOf(schema).keys()]
