/**
 * Time-based codes (RFC 6238) and recovery codes of people who want a second factor. A secret is sealed on disk; recovery
 * codes are kept as hashes; a code that was used is never taken again, also not when the clock was set back.
 */
import { Secret, TOTP } from 'otpauth'
import encodeQR from 'qr'
import { z } from 'zod'
import { inTransaction } from '../kit/in-transaction.ts'
import type { Database } from '../kit/sqlite.ts'
import type { Enrolment } from '../model/access.ts'
import type { Clock } from '../model/clock.ts'
import type { Refusal } from '../model/errors.ts'
import { type Instant, UserId } from '../model/ids.ts'
import type { SealedRows, Vault } from '../model/vault.ts'
import { stored } from './scopes.ts'
import { hashOf } from './secrets.ts'

/** RFC 4226, 4: 160 bits. */
const secretBytes = 20
const periodSeconds = 30
/** Steps by which a telephone's clock may be off (RFC 6238, 5.2). */
const windowSteps = 1
const recoveryCodeCount = 10
/** 80 bits: sixteen letters and digits, and nothing to guess in them. */
const recoveryBytes = 10
/** To scan a picture and type six digits. After that it is begun anew. */
const enrolmentMs = 10 * 60_000

/** Sealed anew at one time, between which alarms have their turn. */
const sliceRows = 100

export type SecondFactors = {
  has(username: UserId): boolean
  /** Not good for anything before it is confirmed. */
  begin(username: UserId): Enrolment | Refusal
  confirm(username: UserId, code: string): { recoveryCodes: readonly string[] } | Refusal
  /** Whether this code is right for somebody who has a second factor. It is used up. */
  use(username: UserId, code: string): boolean
  remove(username: UserId): void
  /** Their secrets, for the rotation of keys. */
  readonly sealed: SealedRows
}

const Row = z.object({
  username: UserId,
  sealed: z.custom<Uint8Array>(value => value instanceof Uint8Array),
  /** Of the last code that was taken: 30 s since 1970. */
  lastStep: z.number(),
  recovery: stored(z.array(z.string())),
})
type Stored = z.infer<typeof Row>

const secretOf = (bytes: Uint8Array): Secret => new Secret({ buffer: Uint8Array.from(bytes).buffer })
/** What a seal is bound to. */
const about = (username: UserId): string => `users/${username}/second-factor`
/** People type them in groups and in small letters. */
const tidied = (code: string): string => code.replaceAll(/[\s-]/g, '').toUpperCase()
const inGroups = (code: string): string => code.replaceAll(/(.{4})(?!$)/g, '$1-').toLowerCase()

/** The step to which the code belongs; undefined: to none of now. */
const stepOf = (secret: Secret, token: string, now: Instant): number | undefined => {
  const delta = TOTP.validate({ secret, token, timestamp: now, period: periodSeconds, window: windowSteps })
  return delta === null ? undefined : TOTP.counter({ period: periodSeconds, timestamp: now }) + delta
}

const sealedRows = (
  factors: ReadonlyMap<UserId, Stored>,
  vault: Vault,
  save: (changed: readonly Stored[]) => void,
): SealedRows => {
  /** Nothing where it does not open: it stays as it is, and its owner logs in by a recovery code. */
  const sealAnew = (factor: Stored): readonly Stored[] => {
    if (vault.keyOf(factor.sealed) === vault.currentKey()) return []
    try {
      const clear = vault.open(factor.sealed, about(factor.username))
      return [{ ...factor, sealed: vault.seal(clear, about(factor.username)) }]
    } catch {
      return []
    }
  }
  return {
    counts: () => {
      const byKey = Map.groupBy(factors.values(), ({ sealed }) => vault.keyOf(sealed))
      return new Map([...byKey].map(([key, rows]) => [key, rows.length]))
    },
    reseal: cursor => {
      const slice = [...factors.values()]
        .filter(({ username }) => username > cursor)
        .sort((a, b) => (a.username < b.username ? -1 : 1))
        .slice(0, sliceRows)
      save(slice.flatMap(sealAnew))
      return slice.at(-1)?.username
    },
  }
}

export const createSecondFactors = (ports: {
  database: Database
  clock: Clock
  randomBytes: (count: number) => Uint8Array
  vault: Vault
  /** Runs a write; a failure is logged and costs that a code could be used again after a restart at once. */
  writeBehind: (write: () => void) => void
}): SecondFactors => {
  const { database, clock, randomBytes, vault, writeBehind } = ports
  const factors = new Map<UserId, Stored>(
    z
      .array(Row)
      .parse(database.prepare('SELECT * FROM secondFactors').all())
      .map(factor => [factor.username, factor]),
  )
  /** At most one for each person. */
  const begun = new Map<UserId, { readonly secret: Secret; readonly until: Instant }>()
  const insert = database.prepare('INSERT OR REPLACE INTO secondFactors VALUES (?, ?, ?, ?)')
  const erase = database.prepare('DELETE FROM secondFactors WHERE username = ?')
  const write = ({ username, sealed, lastStep, recovery }: Stored): void => {
    insert.run(username, sealed, lastStep, JSON.stringify(recovery))
  }

  /** What is left of it. A recovery code is good also where the secret does not open any more. */
  const afterUse = (factor: Stored, code: string): Stored | undefined => {
    const used = hashOf(code)
    const recovery = factor.recovery.filter(one => one !== used)
    if (recovery.length < factor.recovery.length) return { ...factor, recovery }
    const secret = secretOf(vault.open(factor.sealed, about(factor.username)))
    const step = stepOf(secret, code, clock.now())
    return step !== undefined && step > factor.lastStep ? { ...factor, lastStep: step } : undefined
  }

  return {
    has: username => factors.has(username),
    begin: username => {
      if (factors.has(username)) {
        return { refused: 'wrong-second-factor-state', detail: 'remove the one that is in use first' }
      }
      const secret = secretOf(randomBytes(secretBytes))
      begun.set(username, { secret, until: clock.now() + enrolmentMs })
      const uri = new TOTP({ issuer: 'Anling', label: username, secret, period: periodSeconds }).toString()
      return { secret: secret.base32, uri, qr: encodeQR(uri, 'svg') }
    },
    confirm: (username, code) => {
      const now = clock.now()
      const enrolment = begun.get(username)
      if (!enrolment || now >= enrolment.until) {
        return { refused: 'wrong-second-factor-state', detail: 'begin anew' }
      }
      const lastStep = stepOf(enrolment.secret, tidied(code), now)
      if (lastStep === undefined) return { refused: 'wrong-credentials', detail: 'the code is wrong' }
      const codes = Array.from(
        { length: recoveryCodeCount },
        () => secretOf(randomBytes(recoveryBytes)).base32,
      )
      const sealed = vault.seal(enrolment.secret.bytes, about(username))
      const factor = { username, sealed, lastStep, recovery: codes.map(hashOf) }
      write(factor)
      factors.set(username, factor)
      begun.delete(username)
      return { recoveryCodes: codes.map(inGroups) }
    },
    use: (username, code) => {
      const factor = factors.get(username)
      const used = factor && afterUse(factor, tidied(code))
      if (!used) return false
      factors.set(username, used)
      writeBehind(() => write(used))
      return true
    },
    remove: username => {
      erase.run(username)
      factors.delete(username)
    },
    sealed: sealedRows(factors, vault, changed => {
      inTransaction(database, () => changed.forEach(write))
      for (const factor of changed) factors.set(factor.username, factor)
    }),
  }
}
