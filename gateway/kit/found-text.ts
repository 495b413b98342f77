/** What detection found, as people and programs outside read it: times as RFC 3339 text. */
import type { FoundBy } from '../model/alarm.ts'

const written = (at: number): string => new Date(at).toISOString()

export const foundText = ({ since, evidence, ...rest }: FoundBy) => ({
  ...rest,
  since: written(since),
  evidence: evidence.map(({ at, ...one }) => ({ at: written(at), ...one })),
})
