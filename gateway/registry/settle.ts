/** From a record in shape to the change that lands it: references hold, and who logs in has a secret. */
import { isDeepStrictEqual } from 'node:util'
import { makeSecret, opensSeal, type RandomBytes, sealSecret } from '../kit/secret-seal.ts'
import type { RecordOf, Table } from '../model/records.ts'
import { type Checked, checkReferences, type Known, type Problem } from './check.ts'
import type { Lookup } from './lookup.ts'
import type { Change } from './store.ts'

export type Settled<T extends Table = Table> = {
  readonly change: Change<T>
  /** The record stands like this already. */
  readonly unchanged: boolean
  /** Made for it just now, to be shown once. */
  readonly newSecret: string | undefined
}

/** `secret`: given with the record; null takes it away; undefined leaves what there is, or makes one where one is needed. */
export type Draft<T extends Table> = {
  readonly record: RecordOf[T]
  readonly secret: string | null | undefined
}

export const createSettle =
  (lookup: Lookup, randomBytes: RandomBytes) =>
  <T extends Table>(table: T, draft: Draft<T>, known: Known = lookup): Checked<Settled<T>> => {
    const { record } = draft
    const problem = checkReferences(table, record, known)
    if (problem) return { ok: false, problem }
    const before = lookup.get(table, record.id)
    if (before && 'erasedAt' in before) return { ok: false, problem: erased }
    const sealedBefore = lookup.sealOf(table, record.id)
    const { sealed, made } = settleSecret({
      given: draft.secret,
      sealedBefore,
      needed: logsIn(table, record),
      randomBytes,
    })
    const unchanged = sealed === sealedBefore && isDeepStrictEqual(before, record)
    return { ok: true, value: { change: { table, record, sealed }, unchanged, newSecret: made } }
  }

/** The next import must not bring back what was erased. */
const erased: Problem = {
  field: 'id',
  code: 'resident-erased',
  message: 'everything about this resident was erased',
}

/** Terminals and devices on MQTT do; a sensor on a serial line has nothing to prove. */
const logsIn = (table: Table, record: RecordOf[Table]): boolean =>
  table === 'servicePoints' || ('transport' in record && 'mqtt' in record.transport)

const settleSecret = ({
  given,
  sealedBefore,
  needed,
  randomBytes,
}: {
  given: string | null | undefined
  sealedBefore: Uint8Array | undefined
  needed: boolean
  randomBytes: RandomBytes
}): { sealed: Uint8Array | undefined; made?: string } => {
  if (given === null) return { sealed: undefined }
  if (given !== undefined) {
    const isSame = opensSeal(sealedBefore, Buffer.from(given))
    return { sealed: isSame ? sealedBefore : sealSecret(given, randomBytes) }
  }
  if (sealedBefore || !needed) return { sealed: sealedBefore }
  const made = makeSecret(randomBytes)
  return { sealed: sealSecret(made, randomBytes), made }
}
