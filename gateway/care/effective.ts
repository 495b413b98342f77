/** Which figure counts: the resident's own, else the preset's, else the default. */
import { z } from 'zod'
import type { EffectiveThresholds, ThresholdSource } from '../model/care.ts'
import { type ThresholdName, type Thresholds, thresholdNames, thresholds } from '../model/thresholds.ts'

/** The figures that somebody has set, for one preset or one resident. */
export type Layer = Partial<Thresholds>

export type Layers = { readonly preset?: Layer | undefined; readonly resident?: Layer | undefined }

/** One value a threshold, none missing. */
const forEachThreshold = <T>(value: z.ZodType<T>) => {
  const all = z.record(z.enum(thresholdNames), value)
  return (of: (name: ThresholdName) => T) =>
    all.parse(Object.fromEntries(thresholdNames.map(name => [name, of(name)])))
}

const explainEach = forEachThreshold(
  z.object({ value: z.number(), source: z.enum(['default', 'preset', 'resident']) }),
)
const defaults: Thresholds = forEachThreshold(z.number())(name => thresholds[name].value)

export const effective = ({ preset, resident }: Layers): Thresholds => ({
  ...defaults,
  ...preset,
  ...resident,
})

const sourceOf = (name: ThresholdName, { preset, resident }: Layers): ThresholdSource => {
  if (resident?.[name] !== undefined) return 'resident'
  return preset?.[name] === undefined ? 'default' : 'preset'
}

export const explained = (layers: Layers): EffectiveThresholds => {
  const figures = effective(layers)
  return explainEach(name => ({ value: figures[name], source: sourceOf(name, layers) }))
}
