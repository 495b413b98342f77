/** What people and devices were answered while homes were fitted, and what nobody knows the end of. */
import type { Random } from '../../support/seeded-random.ts'

export type Fitted = {
  readonly device: string
  /** Where it is to go. */
  readonly home: string
  readonly payload: string
  /** The last one that was answered. */
  secret?: string
  isInstalled?: true
  /** Asked for, and not answered. */
  asked?: 'claim' | 'install' | 'rotate'
}

export type FittingLedger = {
  readonly random: Random
  readonly fitted: Fitted[]
  /** Sent in a box that was not answered. */
  unanswered: string[]
  /** By job: what was answered last. */
  readonly jobs: Map<string, { version: number; state: string }>
  /** Of the home that is tested again and again: until when at most. Undefined: off. null: nobody knows. */
  testUntil: number | undefined | null
  /** Event ids of acknowledged presses outside of any test mode, */
  readonly rung: Set<string>
  /** and of those in one. */
  readonly tried: Set<string>
  /** Names of devices and presses never come twice. */
  count: number
  readonly faults: string[]
}

export const newFittingLedger = (random: Random): FittingLedger => ({
  random,
  fitted: [],
  unanswered: [],
  jobs: new Map(),
  testUntil: undefined,
  rung: new Set(),
  tried: new Set(),
  count: 0,
  faults: [],
})
