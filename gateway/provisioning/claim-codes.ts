/** Makes claim codes, checks them, and lets those lapse that nobody has used. */
import { opensSeal, type RandomBytes, sealSecret, secondOf, withSecond } from '../kit/secret-seal.ts'
import { type Claim, claimCodeFrom, claimCodeLength, readClaimCode } from '../model/claim-code.ts'
import type { Clock } from '../model/clock.ts'
import type { Refusal } from '../model/errors.ts'
import type { DeviceId } from '../model/ids.ts'
import type { By, NewCode } from '../model/provisioning.ts'
import type { Book } from './book.ts'
import type { Kept } from './store.ts'
import { createWrongTries, lockMs } from './wrong-tries.ts'

/** A code that has lapsed on disk stays void, however the clock is set afterwards. */
const sweepMs = 3_600_000
/** A box of devices lapses at once: calls go between the slices. */
const sweepSlice = 200
const nextSliceMs = 50

const wrong = (detail: string): Refusal => ({ refused: 'wrong-claim-code', detail })

export type ClaimCodePorts = {
  readonly book: Book
  readonly clock: Clock
  readonly randomBytes: RandomBytes
  readonly claimMs: number
  /** Who lets codes lapse. */
  readonly gateway: By
  readonly log: { error(facts: object, message: string): void }
}

export const createClaimCodes = ({ book, clock, randomBytes, claimMs, gateway, log }: ClaimCodePorts) => {
  const tries = createWrongTries(clock)
  const hasLapsed = ({ life: { claimUntil } }: Kept): boolean =>
    claimUntil !== undefined && claimUntil <= clock.now()

  const lapse = (all: readonly Kept[]): void => {
    const changes = all.flatMap(({ life }) => {
      const change = book.plan(life.device, { type: 'lapse-code' })
      return 'refused' in change ? [] : [change]
    })
    const refused = book.write(changes, gateway)
    if (refused) log.error({ refused }, 'claim codes have lapsed, and that could not be written')
  }

  let cancelSweep = (): void => undefined
  const sweep = (): void => {
    const due = book.all().filter(hasLapsed).take(sweepSlice).toArray()
    lapse(due)
    cancelSweep = clock.after(due.length === sweepSlice ? nextSliceMs : sweepMs, sweep)
  }
  sweep()

  return {
    /** The code, and its seal beside that of the code before. */
    make(device: DeviceId): { readonly made: NewCode; readonly seal: Uint8Array } {
      const code = claimCodeFrom(randomBytes(claimCodeLength))
      const before = book.get(device)?.code
      const seal = sealSecret(code, randomBytes)
      tries.forget(device)
      return {
        made: { device, code, until: clock.now() + claimMs },
        seal: before ? withSecond(seal, before) : seal,
      }
    },

    /** A slip of the finger is seen by the check character, and does not count. */
    opens({ device, code }: Claim): true | Refusal {
      const read = readClaimCode(code)
      if (read === undefined) return wrong('this is no claim code: a character is wrong')
      if (tries.isLocked(device))
        return {
          refused: 'too-many-attempts',
          detail: 'too many wrong claim codes for this device',
          facts: { retryAfterSeconds: lockMs / 1_000 },
        }
      const kept = book.get(device)
      const shown = Buffer.from(read)
      const isLatest = opensSeal(kept?.code, shown)
      if (isLatest) {
        if (kept && hasLapsed(kept)) lapse([kept])
        const change = book.plan(device, { type: 'claim' })
        return 'refused' in change ? change : true
      }
      if (opensSeal(secondOf(kept?.code), shown))
        return { refused: 'claim-void', detail: 'a newer claim code has been made' }
      if (kept) tries.add(device)
      return wrong('this is not the claim code of this device')
    },

    stop() {
      cancelSweep()
      tries.stop()
    },
  }
}

export type ClaimCodes = ReturnType<typeof createClaimCodes>
