/** Which figure counts: the resident's own, else the preset's, else the default. */
import { z } from 'zod'
import type { EffectiveThresholds, ThresholdSource } from '../model/care.ts'
import { type ThresholdName, type Thresholds, thresholdNames, thresholds } from '../model/thresholds.ts'

/** The figures that somebody has set, for one preset or one resident. */
export type Layer = ReadonlyMap<ThresholdName, number>

export type Layers = { readonly preset: Layer | undefined; readonly resident: Layer | undefined }

/** One value a threshold, none missing. */
const forEachThreshold = <T>(value: z.ZodType<T>) => {
  const all = z.record(z.enum(thresholdNames), value)
  return (of: (name: ThresholdName) => T) =>
    all.parse(Object.fromEntries(thresholdNames.map(name => [name, of(name)])))
}

const explainEach = forEachThreshold(
  z.object({ value: z.number(), source: z.enum(['default', 'preset', 'resident']) }),
)
const valueEach = forEachThreshold(z.number())

export const valueOf = (name: ThresholdName, { preset, resident }: Layers): number =>
  resident?.get(name) ?? preset?.get(name) ?? thresholds[name].value

const sourceOf = (name: ThresholdName, { preset, resident }: Layers): ThresholdSource => {
  if (resident?.has(name)) return 'resident'
  return preset?.has(name) ? 'preset' : 'default'
}

export const explained = (layers: Layers): EffectiveThresholds =>
  explainEach(name => ({ value: valueOf(name, layers), source: sourceOf(name, layers) }))

export const effective = (layers: Layers): Thresholds => valueEach(name => valueOf(name, layers))
