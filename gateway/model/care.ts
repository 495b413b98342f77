/** The port to what people have decided about how a resident is watched: thresholds and absences, each with who and why. */
import type { Refusal } from './errors.ts'
import type { HomeId, Instant, ResidentId } from './ids.ts'
import type { ThresholdName, Thresholds } from './thresholds.ts'

/** GB/T 42195-2022, 0 intact to 4 complete loss of ability. */
export const presetLevels = [0, 1, 2, 3, 4] as const
export type PresetLevel = (typeof presetLevels)[number]
export type ThresholdScope = { readonly preset: PresetLevel } | { readonly resident: ResidentId }

/** Whoever did it, as a name that means something to people. */
export type By = { readonly id: string; readonly name: string }

export type ThresholdChange = {
  readonly name: ThresholdName
  readonly before: number | null
  /** `null`: as it would be without this setting. */
  readonly after: number | null
  readonly by: By
  readonly at: Instant
  readonly why: string
}

/** Where a figure comes from. */
export type ThresholdSource = 'default' | 'preset' | 'resident'
export type EffectiveThresholds = {
  readonly [Name in ThresholdName]: { readonly value: number; readonly source: ThresholdSource }
}

export const absenceReasons = ['out', 'hospital', 'visiting'] as const
export type Absence = {
  readonly reason: (typeof absenceReasons)[number]
  readonly from: Instant
  /** Ends by itself; a real press ends it sooner. */
  readonly until: Instant
  readonly by: By
}

/** What was decided about absences: one begins, or the one before is over ahead of its time. */
export type AbsenceChange = { readonly absence: Absence | null; readonly by: By; readonly at: Instant }

export interface Care {
  /** Of this resident, or the defaults where nobody is known to live. Cheap: asked for every fact. */
  thresholds(resident: ResidentId | undefined): Thresholds
  explain(resident: ResidentId): EffectiveThresholds
  preset(level: PresetLevel): EffectiveThresholds
  /** All of them or none: `null` takes a figure back. Refuses unknown names and values out of range. */
  change(
    scope: ThresholdScope,
    values: { readonly [name: string]: number | null },
    context: { readonly by: By; readonly why: string },
  ): readonly ThresholdChange[] | Refusal
  /** Newest first, at most `limit`. */
  history(scope: ThresholdScope, limit: number): readonly ThresholdChange[]

  absence(home: HomeId, now: Instant): Absence | undefined
  setAbsence(home: HomeId, absence: Absence): Absence | Refusal
  /** False: nobody was away. */
  endAbsence(home: HomeId, by: By): boolean
  /** Newest first, at most `limit`. */
  absenceHistory(home: HomeId, limit: number): readonly AbsenceChange[]
  close(): void
}
