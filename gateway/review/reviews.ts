/**
 * Takes: the journal, what sensors measured, the registry, and how devices and beds are.
 * Gives: a resident's days and nights, the last hours of a home, and figures by area and month, each recomputable.
 * Never: decides anything, fills a gap, rounds a figure, or keeps the event loop from calls: it reads on the threads of
 * others, and yields between two pages.
 */
import { createInOrder } from '../kit/in-order.ts'
import type { Clock } from '../model/clock.ts'
import type { Refusal } from '../model/errors.ts'
import type { Registry } from '../model/registry.ts'
import type { Indicators, Reviews, Span, View } from '../model/review.ts'
import type { AlarmFacts } from './alarm-facts.ts'
import { falseAlarmsOf } from './false-alarms.ts'
import { homeStrip, type StripSources } from './home-strip.ts'
import { monthOf, monthSpan } from './month.ts'
import { type MonthContext, monthRows } from './month-rows.ts'
import { notMeasured } from './names.ts'
import { providersOf } from './providers.ts'
import { readFacts } from './read-facts.ts'
import { type ResidentSources, reviewResident } from './resident-review.ts'
import { type StandingSources, standingRows } from './standing-rows.ts'

export type ReviewsPorts = Pick<MonthContext, 'arrivalMsOf'> &
  ResidentSources &
  StripSources &
  StandingSources & { readonly registry: Registry; readonly clock: Clock }

/** One report is made at a time, so that none is in the way of calls. Further ones are refused. */
const mostWaitingReports = 8

export const createReviews = (ports: ReviewsPorts): Reviews => {
  const { registry, clock, localTime } = ports
  const inOrder = createInOrder()
  let waiting = 0

  const inTurn = async <T>(make: () => Promise<T>): Promise<T | Refusal> => {
    if (waiting >= mostWaitingReports) return { refused: 'too-busy', detail: 'too many reports wait' }
    waiting += 1
    try {
      return await inOrder('reports', make)
    } finally {
      waiting -= 1
    }
  }
  const modelOf = ({ device }: AlarmFacts): string | undefined =>
    device && registry.get('devices', device)?.model

  const indicators = async (asked: string | undefined, view: View): Promise<Indicators | Refusal> => {
    const now = clock.now()
    const month = asked ?? monthOf(now, localTime)
    const span = monthSpan(month, localTime)
    const facts = await readFacts(ports, span, view)
    if ('refused' in facts) return facts
    const { arrivalMsOf } = ports
    return {
      month,
      ...span,
      generatedAt: now,
      rows: [
        ...(await monthRows(facts, { arrivalMsOf, modelOf })),
        ...(await standingRows(ports, span, view, now)),
      ],
      byProvider: providersOf(facts, {
        arrivalMsOf,
        pointOf: responder => registry.get('responders', responder)?.point,
        nameOf: point => registry.get('servicePoints', point)?.name,
      }),
      notMeasured,
    }
  }

  const devicesIn = ({ area, seesRecord }: View) => {
    const areas = area === undefined ? undefined : new Set(registry.areasWithin(area))
    return [...registry.all('devices')].filter(device => {
      const home = device.home && registry.get('homes', device.home)
      return home && (areas === undefined || areas.has(home.area)) && seesRecord('devices', device)
    })
  }

  const falseAlarms = async (span: Span, view: View) => {
    const facts = await readFacts(ports, span, view)
    return 'refused' in facts ? facts : falseAlarmsOf(facts, span, { devices: devicesIn(view), modelOf })
  }

  return {
    resident: (resident, span, step) => reviewResident(resident, span, step, ports),
    strip: (home, options) => homeStrip(home, options, ports),
    indicators: (month, view) => inTurn(() => indicators(month, view)),
    falseAlarms: (span, view) => inTurn(() => falseAlarms(span, view)),
  }
}
