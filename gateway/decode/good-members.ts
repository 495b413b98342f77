/** The members of a message that are what they should be. A bad one costs itself only, and is on the list of discards. */
import type { z } from 'zod'
import type { Discards } from './discards.ts'

type Members = { readonly [key: string]: unknown }

/** For schemas whose members are all optional. Members that the schema does not have are ignored. */
export const goodMembers = <T>(schema: z.ZodType<T>, members: Members, discards: Discards): T => {
  const all = schema.safeParse(members)
  if (all.success) return all.data
  const bad = new Set<PropertyKey | undefined>()
  for (const { path, code, message } of all.error.issues) {
    bad.add(path[0])
    const isOutOfRange = code === 'too_big' || code === 'too_small'
    discards.add(isOutOfRange ? 'out-of-range' : 'wrong-shape', `${String(path[0])}: ${message}`)
  }
  return schema.parse(Object.fromEntries(Object.entries(members).filter(([name]) => !bad.has(name))))
}
