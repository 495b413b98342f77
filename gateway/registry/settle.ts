/** From a record in shape to the change that lands it: references hold, and who logs in has a secret. */
import { isDeepStrictEqual } from 'node:util'
import {
  makeSecret,
  opensSeal,
  type RandomBytes,
  sealSecret,
  secondOf,
  withSecond,
} from '../kit/secret-seal.ts'
import type { RecordOf, Table } from '../model/records.ts'
import { type Checked, checkReferences, type Known, type Problem } from './check.ts'
import type { Asked } from './overlay.ts'
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
  /** It may be older than the secret that the device has by now, so that one stays good until the given one is used. */
  readonly fromDocument?: boolean
}

export const createSettle =
  (lookup: Asked, randomBytes: RandomBytes) =>
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
      keepsBefore: draft.fromDocument === true && table === 'devices',
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
  messageZh: '该老人的全部信息已按要求删除',
}

/** Terminals and devices on MQTT do; a sensor on a serial line has nothing to prove. */
const logsIn = (table: Table, record: RecordOf[Table]): boolean =>
  table === 'servicePoints' || ('transport' in record && 'mqtt' in record.transport)

const settleSecret = ({
  given,
  sealedBefore,
  keepsBefore,
  needed,
  randomBytes,
}: {
  given: string | null | undefined
  sealedBefore: Uint8Array | undefined
  keepsBefore: boolean
  needed: boolean
  randomBytes: RandomBytes
}): { sealed: Uint8Array | undefined; made?: string } => {
  if (given === null) return { sealed: undefined }
  if (given !== undefined) {
    const opens = (seal: Uint8Array | undefined): boolean => opensSeal(seal, Buffer.from(given))
    if (opens(sealedBefore) || (keepsBefore && opens(secondOf(sealedBefore)))) return { sealed: sealedBefore }
    const sealed = sealSecret(given, randomBytes)
    return { sealed: keepsBefore && sealedBefore ? withSecond(sealedBefore, sealed) : sealed }
  }
  if (sealedBefore || !needed) return { sealed: sealedBefore }
  const made = makeSecret(randomBytes)
  return { sealed: sealSecret(made, randomBytes), made }
}
