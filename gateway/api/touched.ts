/** Which members a change touches, for the trail: their names, and nothing of what they hold. */
import { isDeepStrictEqual } from 'node:util'

/**
 * @param known what members there are: other names may be anything that somebody has typed
 * @param before undefined members count as removed ones
 */
export const touchedIn = (
  change: unknown,
  before: object | undefined,
  known: readonly string[],
): { readonly fields: string } => {
  const values = new Map<string, unknown>(Object.entries(before ?? {}))
  const names = Object.entries(typeof change === 'object' && change !== null ? change : {})
    .filter(
      ([name, value]) => known.includes(name) && !isDeepStrictEqual(value ?? undefined, values.get(name)),
    )
    .map(([name]) => name)
  return { fields: names.toSorted().join(' ') }
}
