/** What the outside knows: everything that the gateway has promised, in the order in which it was heard. */
import type { LoadTown } from '../../support/load-town.ts'
import type { Random } from '../../support/seeded-random.ts'
import type { Offer } from '../../support/town-clients.ts'

export type Ledger = {
  readonly seed: number
  readonly random: Random
  readonly town: LoadTown
  /** Event ids whose PUBACK came. */
  readonly acknowledged: Set<string>
  /** Those of them that no check has looked for yet. */
  readonly unchecked: Set<string>
  /** By device: the press that got no PUBACK, which a device sends again under the same id. */
  readonly unanswered: Map<string, string>
  /** By alarm: the last acknowledgement that a person was told has been taken. */
  readonly claims: Map<string, { readonly epoch: number; readonly at: number }>
  /** Alarms that a person was told are resolved. */
  readonly resolved: Map<string, { readonly at: number }>
  /** Alarm to home, as terminals were told since the last check. */
  readonly offeredHomes: Map<string, string>
  /** Open at the last check. */
  openBefore: ReadonlySet<string>
  checkedAt: Date
  pressCount: number
  offerCount: number
  readonly faults: string[]
}

export const newLedger = (seed: number, random: Random, town: LoadTown): Ledger => ({
  seed,
  random,
  town,
  acknowledged: new Set(),
  unchecked: new Set(),
  unanswered: new Map(),
  claims: new Map(),
  resolved: new Map(),
  offeredHomes: new Map(),
  openBefore: new Set(),
  checkedAt: new Date(),
  pressCount: 0,
  offerCount: 0,
  faults: [],
})

/** Far longer than bytes may lie in a loopback socket while the answer to a person overtakes them. */
const inFlightMs = 1_000

/** An offer is a falsehood if its sender had already told a person that the alarm is theirs, or resolved. */
export const noteOffer = (ledger: Ledger, offer: Offer, subscribedAt: number): void => {
  ledger.offerCount++
  const { alarm, epoch, home } = offer
  const before = ledger.offeredHomes.get(alarm)
  if (before !== undefined && before !== home.id) {
    ledger.faults.push(`alarm ${alarm} was offered for home ${before} and for home ${home.id}`)
  }
  ledger.offeredHomes.set(alarm, home.id)
  const known = (at: number) => at < subscribedAt || performance.now() - at > inFlightMs
  const claim = ledger.claims.get(alarm)
  if (claim !== undefined && epoch <= claim.epoch && known(claim.at)) {
    ledger.faults.push(
      `alarm ${alarm} was offered in epoch ${epoch}, but it was taken in epoch ${claim.epoch}`,
    )
  }
  const resolved = ledger.resolved.get(alarm)
  if (resolved !== undefined && known(resolved.at)) {
    ledger.faults.push(`alarm ${alarm} was offered after a person was told that it is resolved`)
  }
}
