/** The figures that people have set, by preset and by resident, and what counts in the end. */
import type { Care, PresetLevel, ThresholdChange, ThresholdScope } from '../model/care.ts'
import type { Clock } from '../model/clock.ts'
import type { Refusal } from '../model/errors.ts'
import type { ResidentId } from '../model/ids.ts'
import { isThresholdName, type ThresholdName, thresholdNames } from '../model/thresholds.ts'
import { contradictions, type Mistake, problemWith } from './check.ts'
import { effective, explained, type Layer, type Layers } from './effective.ts'
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

type Stored = {
  readonly presets: Map<PresetLevel, Layer>
  readonly residents: Map<ResidentId, Layer>
}

const layerIn = ({ presets, residents }: Stored, scope: ThresholdScope): Layer | undefined =>
  'preset' in scope ? presets.get(scope.preset) : residents.get(scope.resident)

const putLayer = ({ presets, residents }: Stored, scope: ThresholdScope, layer: Layer): void => {
  if ('preset' in scope) presets.set(scope.preset, layer)
  else if (Object.keys(layer).length > 0) residents.set(scope.resident, layer)
  else residents.delete(scope.resident)
}

/** From disk. What this version would not take counts as not set. */
const load = ({ table, log }: ThresholdPorts): Stored => {
  const stored: Stored = { presets: new Map(), residents: new Map() }
  for (const { scope, name, after } of table.figures()) {
    const problem = problemWith(name, after)
    if (problem === undefined) putLayer(stored, scope, { ...layerIn(stored, scope), [name]: after })
    else log.warn({ scope, name, after, problem }, 'a stored threshold is left out')
  }
  return stored
}

type Values = Parameters<Care['change']>[1]

/** The layer with these values on it; those that cannot stand by themselves are left out, with what is wrong. */
const withValues = (
  layer: Layer | undefined,
  values: Values,
): { readonly after: Layer; readonly mistakes: readonly Mistake[] } => {
  const after: { -readonly [Name in ThresholdName]?: number } = { ...layer }
  const mistakes: Mistake[] = []
  for (const [name, value] of Object.entries(values)) {
    const problem = problemWith(name, value)
    if (problem !== undefined) mistakes.push({ name, problem })
    else if (isThresholdName(name) && value !== null) after[name] = value
    else if (isThresholdName(name)) delete after[name]
  }
  return { after, mistakes }
}

type Touched = Layers & { readonly who: string }

/** Everybody whose figures a change touches, with the layers that they would have. */
const touchedBy = (
  scope: ThresholdScope,
  after: Layer,
  { presets, residents }: Stored,
  presetOf: ThresholdPorts['presetOf'],
): readonly Touched[] => {
  if ('resident' in scope) {
    const level = presetOf(scope.resident)
    return [{ preset: level === undefined ? undefined : presets.get(level), resident: after, who: '' }]
  }
  const others = [...residents].filter(([id]) => presetOf(id) === scope.preset)
  return [
    { preset: after, who: '' },
    ...others.map(([id, resident]) => ({ preset: after, resident, who: ` for resident ${id}` })),
  ]
}

const contradictionsOf = ({ who, ...layers }: Touched, values: Values): readonly Mistake[] =>
  contradictions(effective(layers), name => Object.hasOwn(values, name)).map(({ name, problem }) => ({
    name,
    problem: `${problem}${who}`,
  }))

const differences = (
  before: Layer | undefined,
  after: Layer,
  context: Pick<ThresholdChange, 'by' | 'at' | 'why'>,
): readonly ThresholdChange[] =>
  thresholdNames
    .map(name => ({ name, before: before?.[name] ?? null, after: after[name] ?? null, ...context }))
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
  const stored = load(ports)
  const { presets, residents } = stored
  const layersOf = (resident: ResidentId | undefined, level: PresetLevel | undefined): Layers => ({
    preset: level === undefined ? undefined : presets.get(level),
    resident: resident === undefined ? undefined : residents.get(resident),
  })
  const memo = createMemo(layersOf)

  return {
    thresholds(resident) {
      if (resident === undefined) return memo.ofLevel(undefined)
      const level = presetOf(resident)
      return residents.has(resident) ? memo.ofResident(resident, level) : memo.ofLevel(level)
    },
    explain: resident => explained(layersOf(resident, presetOf(resident))),
    preset: level => explained(layersOf(undefined, level)),
    change(scope, values, { by, why }) {
      const before = layerIn(stored, scope)
      const { after, mistakes: single } = withValues(before, values)
      const together = touchedBy(scope, after, stored, presetOf).flatMap(them =>
        contradictionsOf(them, values),
      )
      const mistakes = [...single, ...together]
      if (mistakes.length > 0) return refusalOf(mistakes.slice(0, mistakesNamed))

      const changes = differences(before, after, { by, at: clock.now(), why })
      table.add(scope, changes)
      putLayer(stored, scope, after)
      memo.forget(scope)
      return changes
    },
    history: (scope, limit) => table.history(scope, limit),
  }
}
