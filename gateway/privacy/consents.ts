/** What residents have agreed to, purpose by purpose (PIPL art. 29): each word is kept, the latest counts. */
import { z } from 'zod'
import { ResidentId, UserId } from '../model/ids.ts'
import { type Consent, type Consents, consentPurposes } from '../model/vault.ts'
import type { Items } from './items.ts'

const Stored = z.object({
  resident: ResidentId,
  purpose: z.enum(consentPurposes),
  given: z.boolean(),
  at: z.number(),
  by: z.object({ id: UserId, name: z.string() }),
  document: z.string().exactOptional(),
  until: z.number().exactOptional(),
})

const kind = ['consent'] as const

/** @param newId a UUID */
export const createConsents = (items: Items, newId: () => string): Consents => {
  const put = (consent: Consent): void =>
    items.put({
      name: `consent:${newId()}`,
      kind: 'consent',
      about: { resident: consent.resident },
      at: consent.at,
      content: Buffer.from(JSON.stringify(consent)),
    })
  const history = (resident: ResidentId): readonly Consent[] =>
    items.list(kind, { resident }).flatMap(({ name }) => {
      const found = items.content(name)
      return found ? [Stored.parse(JSON.parse(Buffer.from(found.bytes).toString()))] : []
    })
  /** One that has ended stands as not given. */
  const of: Consents['of'] = (resident, now) => {
    const latest = new Map(history(resident).map(consent => [consent.purpose, consent]))
    return [...latest.values()].map(consent => ({
      ...consent,
      given: consent.given && (consent.until === undefined || now < consent.until),
    }))
  }

  return {
    of,
    history,
    given: (resident, purpose, now) =>
      of(resident, now).some(consent => consent.purpose === purpose && consent.given),
    record(consent) {
      try {
        put(consent)
        return undefined
      } catch (error) {
        return { refused: 'journal-unavailable', detail: `not written: ${String(error)}` }
      }
    },
    erase(resident, at, by) {
      const names = items.list(kind, { resident }).map(({ name }) => name)
      if (names.length === 0) return
      const purposes = new Set(history(resident).map(({ purpose }) => purpose))
      items.remove(names)
      for (const purpose of purposes) put({ resident, purpose, given: false, at, by })
      items.scrub()
    },
  }
}
