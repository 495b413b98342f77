/** Bytes to a JSON object, or why not: the first half of every decoder of JSON messages. Total. */
import type { Decoded, DiscardReason, EventData } from '../model/observation.ts'

/** The documented bound of a native message. */
export const maxPayloadBytes = 65_536

/** Deeper data is left out: nothing real is nested like that, and writing it out again could exhaust the stack. */
const maxDepth = 16

// A byte order mark is kept, and so refused by the JSON parser [RFC 8259, 8.1].
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export const discarded = (
  reason: DiscardReason,
  detail: string,
): { ok: false; reason: DiscardReason; detail: string } => ({
  ok: false,
  reason,
  detail,
})

export const isObject = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const readText = (bytes: Uint8Array): string | undefined => {
  try {
    return utf8.decode(bytes)
  } catch {
    return undefined
  }
}

const readJson = (text: string): { value: unknown } | undefined => {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}

/** Any JSON of at most `maxBytes`. */
export const decodeJson = (payload: Uint8Array, maxBytes: number): Decoded<unknown> => {
  if (payload.byteLength > maxBytes) return discarded('oversized', `${payload.byteLength} bytes`)
  const text = readText(payload)
  if (text === undefined) return discarded('not-utf8', 'the bytes are not UTF-8')
  const parsed = readJson(text)
  return parsed ? { ok: true, value: parsed.value } : discarded('not-json', 'the text is not JSON')
}

/** Members are read with `own`: an inherited name such as `constructor` is never a member. */
export const decodeJsonObject = (payload: Uint8Array): Decoded<{ readonly [key: string]: unknown }> => {
  const json = decodeJson(payload, maxPayloadBytes)
  if (!json.ok) return json
  return isObject(json.value) ? { ok: true, value: json.value } : discarded('wrong-shape', 'not an object')
}

export const own = (object: { readonly [key: string]: unknown }, key: string): unknown =>
  Object.hasOwn(object, key) ? object[key] : undefined

const membersOf = (value: unknown): readonly unknown[] =>
  typeof value === 'object' && value !== null ? Object.values(value) : []

const depthWithin = (value: unknown, limit: number): boolean => {
  let level: readonly unknown[] = [value]
  for (let depth = 0; depth <= limit; depth += 1) {
    level = level.flatMap(membersOf)
    if (level.length === 0) return true
  }
  return false
}

const withoutPrototypes = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map((member: unknown) => withoutPrototypes(member))
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== '__proto__')
      .map(([key, member]) => [key, withoutPrototypes(member)]),
  )
}

/** A member that should be an object of free form: a clean copy, or nothing. */
export const freeData = (value: unknown): EventData | undefined => {
  if (!isObject(value) || !depthWithin(value, maxDepth)) return undefined
  const clean = withoutPrototypes(value)
  return isObject(clean) ? clean : undefined
}

/** RFC 3339 with an offset, in milliseconds since 1970. Anything else is nothing: a bad clock never costs a call. */
export const instantOf = (value: unknown): number | undefined => {
  if (typeof value !== 'string' || value.length > 40) return undefined
  if (!/^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/.test(value)) return undefined
  const at = Date.parse(value)
  return Number.isNaN(at) ? undefined : at
}
