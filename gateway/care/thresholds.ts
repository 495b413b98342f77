/** The figures that people have set, by preset and by resident, and what counts in the end. */
import type { Care, PresetLevel, ThresholdChange, ThresholdScope } from '../model/care.ts'
import type { Clock } from '../model/clock.ts'
import type { Refusal } from '../model/errors.ts'
import { ResidentId } from '../model/ids.ts'
import { isThresholdName, type ThresholdName, thresholdNames } from '../model/thresholds.ts'
import { contradictions, type Mistake, problemWith } from './check.ts'
import { explained, type Layer, type Layers, valueOf } from './effective.ts'
import { createMemo } from './memo.ts'
import type { ThresholdTable } from './threshold-table.ts'

export type ThresholdPorts = {
  readonly table: ThresholdTable
  readonly clock: Clock
  readonly presetOf: (resident: ResidentId) => PresetLevel | undefined
  readonly log: { warn(facts: object, message: string): void }
}

/** A preset may contradict what many residents have of their own. Further ones are named once these are mended. */
const mistakesNamed = 200

const keyOf = (scope: ThresholdScope): string =>
  'preset' in scope ? `preset/${scope.preset}` : `resident/${scope.resident}`
const residentIn = (key: string): ResidentId | undefined => {
  const [kind, id] = key.split('/')
  return kind === 'resident' ? ResidentId.parse(id) : undefined
}

/** Figures by scope, from disk. What this version would not take counts as not set. */
const load = ({ table, log }: ThresholdPorts): Map<string, Layer> => {
  const layers = new Map<string, Map<ThresholdName, number>>()
  for (const { scope, name, after } of table.figures()) {
    const problem = problemWith(name, after)
    if (problem !== undefined || !isThresholdName(name)) {
      log.warn({ scope, name, after, problem }, 'a stored threshold is left out')
      continue
    }
    layers.set(scope, (layers.get(scope) ?? new Map<ThresholdName, number>()).set(name, after))
  }
  return layers
}

type Values = Parameters<Care['change']>[1]

/** The layer with these values on it; those that cannot stand by themselves are left out, with what is wrong. */
const withValues = (
  layer: Layer | undefined,
  values: Values,
): { readonly after: Layer; readonly mistakes: readonly Mistake[] } => {
  const after = new Map(layer)
  const mistakes: Mistake[] = []
  for (const [name, value] of Object.entries(values)) {
    const problem = problemWith(name, value)
    if (problem !== undefined) mistakes.push({ name, problem })
    else if (isThresholdName(name) && value !== null) after.set(name, value)
    else if (isThresholdName(name)) after.delete(name)
  }
  return { after, mistakes }
}

type Touched = Layers & { readonly who: string }

const contradictionsOf = ({ who, ...layers }: Touched, values: Values): readonly Mistake[] =>
  contradictions(
    name => valueOf(name, layers),
    name => Object.hasOwn(values, name),
  ).map(({ name, problem }) => ({ name, problem: `${problem}${who}` }))

const differences = (
  before: Layer | undefined,
  after: Layer,
  context: Pick<ThresholdChange, 'by' | 'at' | 'why'>,
): readonly ThresholdChange[] =>
  thresholdNames
    .map(name => ({ name, before: before?.get(name) ?? null, after: after.get(name) ?? null, ...context }))
    .filter(change => change.before !== change.after)

const refusalOf = (mistakes: readonly Mistake[]): Refusal => ({
  refused: 'invalid-thresholds',
  detail: mistakes.map(({ name, problem }) => `${name} ${problem}`).join('; '),
  facts: { mistakes },
})

export const createThresholds = (
  ports: ThresholdPorts,
): Pick<Care, 'thresholds' | 'explain' | 'preset' | 'change' | 'history'> => {
  const { table, clock, presetOf } = ports
  const layers = load(ports)
  const layerOf = (scope: ThresholdScope): Layer | undefined => layers.get(keyOf(scope))
  const ofPreset = (level: PresetLevel | undefined): Layers => ({
    preset: level === undefined ? undefined : layerOf({ preset: level }),
    resident: undefined,
  })
  const ofResident = (resident: ResidentId): Layers => ({
    ...ofPreset(presetOf(resident)),
    resident: layerOf({ resident }),
  })
  const memo = createMemo(ofPreset, ofResident)

  /** Everybody whose figures a change touches, with the layers that they would have. */
  const touched = (scope: ThresholdScope, after: Layer): readonly Touched[] => {
    if ('resident' in scope) return [{ ...ofResident(scope.resident), resident: after, who: '' }]
    const others = [...layers].flatMap(([key, resident]) => {
      const id = residentIn(key)
      return id !== undefined && presetOf(id) === scope.preset
        ? [{ preset: after, resident, who: ` for resident ${id}` }]
        : []
    })
    return [{ preset: after, resident: undefined, who: '' }, ...others]
  }

  return {
    thresholds(resident) {
      const level = resident && presetOf(resident)
      return resident !== undefined && layers.has(keyOf({ resident }))
        ? memo.ofResident(resident, level)
        : memo.ofLevel(level)
    },
    explain: resident => explained(ofResident(resident)),
    preset: level => explained(ofPreset(level)),
    change(scope, values, { by, why }) {
      const before = layerOf(scope)
      const { after, mistakes: single } = withValues(before, values)
      const together = touched(scope, after).flatMap(them => contradictionsOf(them, values))
      const mistakes = [...single, ...together]
      if (mistakes.length > 0) return refusalOf(mistakes.slice(0, mistakesNamed))

      const changes = differences(before, after, { by, at: clock.now(), why })
      table.add(keyOf(scope), changes)
      if (after.size > 0) layers.set(keyOf(scope), after)
      else layers.delete(keyOf(scope))
      memo.forget()
      return changes
    },
    history: (scope, limit) => table.history(keyOf(scope), limit),
  }
}
