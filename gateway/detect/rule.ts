/** What a rule is: it folds facts in their order, and says what holds at a time. Both are pure. */
import { z } from 'zod'
import type { Evidence, Fact, RuleName, WatchContext } from '../model/detection.ts'
import { DeviceId, type Instant } from '../model/ids.ts'
import { type Priority, priorities } from '../model/kinds.ts'
import type { ThresholdName } from '../model/thresholds.ts'

/** From `from` to `to` nobody listened, or nobody was at home: time that proves nothing. */
export type Pause = { readonly from: Instant; readonly to: Instant }

export type Holding = {
  readonly level: Priority
  readonly since: Instant
  readonly evidence: readonly [Evidence, ...(readonly Evidence[])]
  readonly verificationMs?: number
}

export type Verdict = {
  readonly holds?: Holding
  /** When time alone could change the verdict; without it, or at infinity, only a fact can. */
  readonly wakeAt?: Instant
}

/** Methods, not members: a list of rules whose memories differ is a list of `Rule<unknown>`. */
export interface Rule<Memory> {
  readonly name: RuleName
  /** The switch: at 0 the rule judges nothing. */
  readonly on?: ThresholdName
  /** The end of the condition is not reported. */
  readonly endsSilently?: true
  readonly start: Memory
  /** Of a memory that was saved: another shape, from another version, begins anew. */
  readonly schema: z.ZodType<Memory>
  /** The same memory where the fact means nothing to the rule: it is not asked again then. */
  observe(memory: Memory, fact: Fact, context: WatchContext): Memory
  judge(memory: Memory, now: Instant, context: WatchContext, pauses: readonly Pause[]): Verdict
}

export const nothingHolds: Verdict = {}

export const Moment = z.number()
export const Level = z.enum(priorities)
export const SavedEvidence = z
  .object({
    at: Moment,
    device: DeviceId,
    what: z.string(),
    readings: z.record(z.string(), z.number()).readonly().exactOptional(),
  })
  .readonly()
