/** How often devices and rules ring for nothing, with what that is counted from. Pure. */
import type { Finder } from '../model/detection.ts'
import { type DeviceModel, deviceModelOf } from '../model/device-models.ts'
import { type AlarmKind, classOf, isAlarmKind } from '../model/kinds.ts'
import type { DeviceRecord } from '../model/records.ts'
import type { FalseAlarms, Outcomes, Span } from '../model/review.ts'
import type { AlarmFacts } from './alarm-facts.ts'
import { groupsBy, outcomesOf } from './outcomes.ts'

/** Worst first; further devices are left out. */
const mostDevices = 200
const weekMs = 7 * 86_400_000

const hasBed = ({ bed }: DeviceModel): boolean => bed
const isAny = (): boolean => true

/** What a rule looks at. Rules over a whole home are counted by homes. */
const watchedBy: Readonly<Record<Finder, 'homes' | ((model: DeviceModel) => boolean)>> = {
  'heart-rate-low': hasBed,
  'heart-rate-high': hasBed,
  'respiration-low': hasBed,
  'respiration-high': hasBed,
  apnoea: hasBed,
  'bed-exit': hasBed,
  'not-up': hasBed,
  'fall-still': ({ triggers }) => triggers.includes('fall'),
  'device-silent': isAny,
  'battery-low': ({ battery }) => battery,
  tamper: isAny,
  'mains-lost': isAny,
  chatter: isAny,
  'weekly-test': ({ button }) => button,
  'line-lost': isAny,
  'nobody-on-duty': isAny,
  'bathroom-stay': 'homes',
  inactivity: 'homes',
  'door-at-night': 'homes',
}

export type FalseAlarmContext = {
  /** In view. */
  readonly devices: readonly DeviceRecord[]
  readonly modelOf: (facts: AlarmFacts) => string | undefined
}

const rated = (outcomes: Outcomes, watched: number, weeks: number) => ({
  ...outcomes,
  watched,
  falsePerWeek: watched === 0 ? null : outcomes.false.numerator / (watched * weeks),
})

const worstFirst = (a: Outcomes, b: Outcomes): number =>
  b.false.numerator - a.false.numerator || b.closed - a.closed

const watchedFor = (rule: Finder | AlarmKind, devices: readonly DeviceRecord[]) => {
  const looksAt: (typeof watchedBy)[Finder] | undefined = Object.entries(watchedBy).find(
    ([name]) => name === rule,
  )?.[1]
  if (looksAt === 'homes')
    return { per: 'home', watched: new Set(devices.map(({ home }) => home)).size } as const
  // A device raises it by itself.
  const raises = (model: DeviceModel): boolean => isAlarmKind(rule) && model.triggers.includes(rule)
  const isWatched = looksAt ?? raises
  const watched = devices.filter(({ model }) => isWatched(deviceModelOf(model))).length
  return { per: 'device', watched } as const
}

/** Of alarms that have ended. Tests of devices are no alarms. */
export const falseAlarmsOf = (
  facts: readonly AlarmFacts[],
  { from, to }: Span,
  { devices, modelOf }: FalseAlarmContext,
): FalseAlarms => {
  const weeks = (to - from) / weekMs
  const ended = facts.filter(({ kind, cause }) => cause !== undefined && classOf(kind) !== 'test')
  const byDevice = groupsBy(ended, ({ device }) => device)
    .map(({ key, facts: of }) => {
      const model = of.map(modelOf).find(one => one !== undefined) ?? 'unknown'
      return { device: key, model, ...rated(outcomesOf(of), 1, weeks) }
    })
    .toSorted(worstFirst)
  return {
    from,
    to,
    weeks,
    byDevice: byDevice.slice(0, mostDevices),
    isCut: byDevice.length > mostDevices,
    byModel: groupsBy(ended, modelOf)
      .map(({ key: model, facts: of }) => ({
        model,
        ...rated(outcomesOf(of), devices.filter(one => one.model === model).length, weeks),
      }))
      .toSorted(worstFirst),
    byRule: groupsBy(ended, one => one.rule ?? one.kind)
      .map(({ key: rule, facts: of }) => {
        const { per, watched } = watchedFor(rule, devices)
        return { rule, per, ...rated(outcomesOf(of), watched, weeks) }
      })
      .toSorted(worstFirst),
  }
}
