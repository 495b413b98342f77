/** The indicators of a month's alarms. Tests are counted, and left out of everything else. */
import { setImmediate } from 'node:timers/promises'
import { emergencyServices, type PresetName } from '../model/alarm.ts'
import { type AlarmClass, alarmKinds, classOf, isAlarmKind } from '../model/kinds.ts'
import type { IndicatorRow } from '../model/review.ts'
import type { AlarmFacts } from './alarm-facts.ts'
import { countRow, meanRow, shareRow, timeRows } from './indicator-row.ts'
import { classNames, kindNames } from './names.ts'
import { groupsBy, isFalse, isReal, judged } from './outcomes.ts'

export type MonthContext = {
  /** Within which somebody is to be there. */
  readonly arrivalMsOf: (preset: PresetName) => number
  readonly modelOf: (facts: AlarmFacts) => string | undefined
}

const alarmClasses = ['call', 'hazard', 'inferred', 'technical', 'service', 'test'] as const
const callClasses: ReadonlySet<AlarmClass> = new Set<AlarmClass>(['call', 'hazard'])
const emergencyClasses: ReadonlySet<AlarmClass> = new Set<AlarmClass>(['call', 'hazard', 'inferred'])

/** Somebody may need help: these are answered, gone to and asked about afterwards. */
export const emergenciesIn = (facts: readonly AlarmFacts[]): readonly AlarmFacts[] =>
  facts.filter(({ kind }) => emergencyClasses.has(classOf(kind)))

/** To whom somebody went. Whoever is still on the way is not there. */
export const goneTo = (facts: readonly AlarmFacts[]): readonly AlarmFacts[] =>
  facts.filter(({ dispatchedMs, arrivedMs }) => dispatchedMs !== undefined || arrivedMs !== undefined)

export const isInTime =
  (arrivalMsOf: MonthContext['arrivalMsOf']) =>
  ({ arrivedMs, preset }: AlarmFacts): boolean =>
    arrivedMs !== undefined && arrivedMs <= arrivalMsOf(preset)

const countRows = (facts: readonly AlarmFacts[]): readonly IndicatorRow[] => {
  const byKind = Map.groupBy(facts, ({ kind }) => kind)
  const byClass = Map.groupBy(facts, ({ kind }) => classOf(kind))
  const classes = alarmClasses.map(name => {
    const { zh, en } = classNames[name]
    const count = byClass.get(name)?.length ?? 0
    return countRow(
      { id: `alarms.class.${name}`, zh: `警报：${zh}`, en: `Alarms: ${en}` },
      count,
      facts.length,
    )
  })
  const kinds = Object.keys(alarmKinds)
    .filter(isAlarmKind)
    .map(kind => {
      const { zh, en } = kindNames[kind]
      const count = byKind.get(kind)?.length ?? 0
      return countRow(
        { id: `alarms.kind.${kind}`, zh: `警报：${zh}`, en: `Alarms: ${en}` },
        count,
        facts.length,
      )
    })
  const all = { id: 'alarms', zh: '警报总数', en: 'All alarms' }
  return [countRow(all, facts.length, facts.length), ...classes, ...kinds]
}

const answerRows = (facts: readonly AlarmFacts[]): readonly IndicatorRow[] => {
  const calls = facts.filter(({ kind }) => callClasses.has(classOf(kind)))
  const within = (seconds: number): number =>
    calls.filter(({ answeredMs }) => answeredMs !== undefined && answeredMs <= seconds * 1_000).length
  return [
    shareRow(
      { id: 'answered-15s', zh: '呼叫和险情 15 秒内受理', en: 'Calls and hazards answered within 15 s' },
      within(15),
      calls.length,
      { target: 0.95, source: 'GB/T 33358-2016' },
    ),
    shareRow(
      { id: 'answered-60s', zh: '呼叫和险情 60 秒内受理', en: 'Calls and hazards answered within 60 s' },
      within(60),
      calls.length,
      { target: 0.975, source: 'UK telecare quality standard' },
    ),
  ]
}

const known = (times: readonly (number | undefined)[]): readonly number[] =>
  times.filter(time => time !== undefined)

const wayRows = (facts: readonly AlarmFacts[], { arrivalMsOf }: MonthContext): readonly IndicatorRow[] => {
  const emergencies = emergenciesIn(facts)
  const gone = goneTo(emergencies)
  const inTime = { id: 'arrived-in-time', zh: '派出人员按时到达', en: 'Arrived in time, of those gone to' }
  return [
    ...timeRows(
      { id: 'received-dispatched', zh: '接警到派单', en: 'Received to dispatched' },
      known(emergencies.map(one => one.dispatchedMs)),
      emergencies.length,
    ),
    ...timeRows(
      { id: 'received-arrived', zh: '接警到到达', en: 'Received to arrived' },
      known(emergencies.map(one => one.arrivedMs)),
      emergencies.length,
    ),
    shareRow(inTime, gone.filter(isInTime(arrivalMsOf)).length, gone.length, {
      source: '15-minute circle of the city plans, or the preset of the area',
    }),
  ]
}

const endRows = (facts: readonly AlarmFacts[]): readonly IndicatorRow[] => {
  const work = facts.filter(({ kind }) => classOf(kind) !== 'test')
  const emergencies = emergenciesIn(facts)
  const ended = judged(emergencies)
  const count = (wanted: (one: AlarmFacts) => boolean): number => work.filter(wanted).length
  return [
    shareRow(
      { id: 'resolved', zh: '已处理', en: 'Resolved' },
      count(one => one.cause !== undefined),
      work.length,
    ),
    shareRow(
      { id: 'overdue', zh: '处理超时', en: 'Overdue at some stage' },
      count(one => one.isOverdue),
      work.length,
    ),
    shareRow(
      { id: 'escalated', zh: '逾时升级', en: 'Asked wider because nobody answered' },
      count(one => one.isEscalated),
      work.length,
    ),
    shareRow(
      { id: 'followed-up', zh: '回访率', en: 'Followed up and reached, of those resolved' },
      ended.filter(one => one.followUp === 'reached').length,
      ended.length,
    ),
    meanRow(
      { id: 'satisfaction', zh: '满意度均值（1–5）', en: 'Mean satisfaction, 1 to 5' },
      known(ended.map(one => one.satisfaction)),
    ),
  ]
}

const handOverRows = (facts: readonly AlarmFacts[]): readonly IndicatorRow[] => {
  const emergencies = emergenciesIn(facts)
  return emergencyServices.map(service => {
    const count = emergencies.filter(({ handedTo }) => handedTo.includes(service)).length
    const what = { id: `handed-over.${service}`, zh: `转交 ${service}`, en: `Handed over to ${service}` }
    return countRow(what, count, emergencies.length)
  })
}

const outcomeRows = (facts: readonly AlarmFacts[], { modelOf }: MonthContext): readonly IndicatorRow[] => {
  const ended = judged(facts)
  const groups = [
    ...groupsBy(ended, modelOf).map(group => ({ ...group, by: 'model', zh: '设备型号' })),
    ...groupsBy(ended, one => one.rule ?? one.kind).map(group => ({ ...group, by: 'rule', zh: '规则' })),
  ]
  return groups
    .toSorted((a, b) => (`${a.by}.${a.key}` < `${b.by}.${b.key}` ? -1 : 1))
    .flatMap(({ by, zh, key, facts: of }) => [
      shareRow(
        { id: `real.${by}.${key}`, zh: `真实警报，${zh} ${key}`, en: `Real, ${by} ${key}` },
        of.filter(isReal).length,
        of.length,
      ),
      shareRow(
        { id: `false.${by}.${key}`, zh: `误报，${zh} ${key}`, en: `False, ${by} ${key}` },
        of.filter(isFalse).length,
        of.length,
      ),
    ])
}

const parts: readonly ((facts: readonly AlarmFacts[], context: MonthContext) => readonly IndicatorRow[])[] = [
  countRows,
  answerRows,
  wayRows,
  endRows,
  handOverRows,
  outcomeRows,
]

/** Each part looks through the whole month: between two of them the event loop is free for calls. */
export const monthRows = async (
  facts: readonly AlarmFacts[],
  context: MonthContext,
): Promise<readonly IndicatorRow[]> => {
  const rows: IndicatorRow[] = []
  for (const part of parts) {
    rows.push(...part(facts, context))
    await setImmediate()
  }
  return rows
}
