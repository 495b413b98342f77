/** How each service point did, by the emergencies that it took or sent somebody to. Pure. */
import type { PointId, ResponderId } from '../model/ids.ts'
import type { ProviderRow } from '../model/review.ts'
import type { AlarmFacts } from './alarm-facts.ts'
import { emergenciesIn, goneTo, isInTime, type MonthContext } from './month-rows.ts'
import { groupsBy } from './outcomes.ts'
import { percentile } from './percentile.ts'

export type ProviderContext = Pick<MonthContext, 'arrivalMsOf'> & {
  readonly pointOf: (responder: ResponderId) => PointId | undefined
  readonly nameOf: (point: PointId) => string | undefined
}

const secondsAt = (facts: readonly AlarmFacts[], what: 'dispatchedMs' | 'arrivedMs', percent: number) => {
  const times = facts.map(one => one[what]).filter(time => time !== undefined)
  const ms = percentile(times, percent)
  return ms === null ? null : ms / 1_000
}

/** Whoever went has done it; where nobody of a point went, the point that took it. */
const providerOf =
  ({ pointOf }: ProviderContext) =>
  ({ responder, point }: AlarmFacts): PointId | undefined =>
    (responder && pointOf(responder)) ?? point

/** Most alarms first: a rank among few of them would be chance, and is for people to judge. */
export const providersOf = (facts: readonly AlarmFacts[], context: ProviderContext): readonly ProviderRow[] =>
  groupsBy(emergenciesIn(facts), providerOf(context))
    .map(({ key, facts: of }): ProviderRow => {
      const gone = goneTo(of)
      const marks = of.map(one => one.satisfaction).filter(mark => mark !== undefined)
      return {
        point: key,
        name: context.nameOf(key) ?? key,
        alarms: of.length,
        medianDispatchSeconds: secondsAt(of, 'dispatchedMs', 50),
        medianArriveSeconds: secondsAt(of, 'arrivedMs', 50),
        p95ArriveSeconds: secondsAt(of, 'arrivedMs', 95),
        arrivedInTime: {
          numerator: gone.filter(isInTime(context.arrivalMsOf)).length,
          denominator: gone.length,
        },
        resolved: of.filter(one => one.cause !== undefined).length,
        overdue: of.filter(one => one.isOverdue).length,
        satisfaction: { numerator: marks.reduce((sum, mark) => sum + mark, 0), denominator: marks.length },
      }
    })
    .toSorted((a, b) => b.alarms - a.alarms || (a.point < b.point ? -1 : 1))
