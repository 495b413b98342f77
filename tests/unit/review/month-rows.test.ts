import { describe, expect, test } from 'vitest'
import { alarmKinds } from '../../../gateway/model/kinds.ts'
import { type AlarmFacts, factsOf } from '../../../gateway/review/alarm-facts.ts'
import { monthRows } from '../../../gateway/review/month-rows.ts'
import { providersOf } from '../../../gateway/review/providers.ts'
import { entriesOf, type Given, it, type Told } from './entries.ts'

const arrivalMsOf = (preset: string) => (preset === 'rural' ? 1_800_000 : 900_000)
const context = {
  arrivalMsOf,
  modelOf: ({ device }: AlarmFacts) => (device === 'gone' ? undefined : 'native/call-button'),
}

let alarms = 0
const alarm = (given: Given, ...told: readonly Told[]): AlarmFacts => {
  alarms += 1
  const facts = factsOf(entriesOf({ id: `a-${alarms}`, ...given }, ...told))
  if (!facts) throw new Error('no alarm')
  return facts
}
const rowsOf = async (...facts: readonly AlarmFacts[]) => {
  const rows = await monthRows(facts, context)
  return (id: string) => {
    const { value, numerator, denominator } = rows.find(row => row.id === id) ?? {}
    return [value, numerator, denominator]
  }
}

describe('the indicators of a month', () => {
  test('count alarms by class and kind, each kind also where there was none, and tests apart from the rest', async () => {
    const row = await rowsOf(
      alarm({}),
      alarm({ kind: 'smoke' }),
      alarm({ kind: 'sos' }),
      alarm({ kind: 'test' }),
    )
    expect(row('alarms')).toEqual([4, 4, 4])
    expect(row('alarms.kind.sos')).toEqual([2, 2, 4])
    expect(row('alarms.kind.fall')).toEqual([0, 0, 4])
    expect(row('alarms.class.hazard')).toEqual([1, 1, 4])
    expect(row('alarms.class.test')).toEqual([1, 1, 4])
    expect(row('resolved')).toEqual([0, 0, 3])
    const ids = (await monthRows([], context)).map(({ id }) => id)
    for (const kind of Object.keys(alarmKinds)) expect(ids).toContain(`alarms.kind.${kind}`)
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('hold calls and hazards against their answer, to the millisecond, also those that nobody answered', async () => {
    const row = await rowsOf(
      alarm({}, [15, it.isAcknowledgedBy('sp-1')]),
      alarm({ kind: 'gas' }, [15.001, it.isAcknowledgedBy('sp-1')]),
      alarm({}, [60, it.isAcknowledgedBy('op-1')]),
      alarm({}, [61, it.isAcknowledgedBy('op-1')]),
      alarm({}),
      alarm({ kind: 'fall' }, [1, it.isAcknowledgedBy('sp-1')]),
    )
    expect(row('answered-15s')).toEqual([1 / 5, 1, 5])
    expect(row('answered-60s')).toEqual([3 / 5, 3, 5])
  })

  test('hold who was sent against the time of the area, and count whoever has not arrived as late', async () => {
    const gone = (preset: 'urban' | 'rural', seconds?: number) =>
      alarm(
        { preset },
        [60, it.isDispatched()],
        ...(seconds === undefined ? [] : [[seconds, it.isReached()] as const]),
      )
    const row = await rowsOf(
      gone('urban', 900),
      gone('urban', 901),
      gone('rural', 1_800),
      gone('urban'),
      alarm({}),
    )
    expect(row('arrived-in-time')).toEqual([2 / 4, 2, 4])
    expect(row('received-dispatched-median')).toEqual([60, 4, 5])
    expect(row('received-arrived-median')).toEqual([901, 3, 5])
    expect(row('received-arrived-p95')).toEqual([1_800, 3, 5])
  })

  test('tell what ended, what took too long and what had to be asked wider', async () => {
    const row = await rowsOf(
      alarm({}, [31, it.isAskedWider], [900, it.isOverdue], [1_000, it.isResolved('real')]),
      alarm({ kind: 'battery-low' }, [10, it.endsByItself]),
      alarm({}),
    )
    expect(row('resolved')).toEqual([2 / 3, 2, 3])
    expect(row('overdue')).toEqual([1 / 3, 1, 3])
    expect(row('escalated')).toEqual([1 / 3, 1, 3])
  })

  test('call real what was real, false what needed nobody, and leave the unclear in the denominator only', async () => {
    const ended = (cause: Parameters<typeof it.isResolved>[0]) => alarm({}, [9, it.isResolved(cause)])
    const row = await rowsOf(
      ...[ended('real'), ended('accidental'), ended('away'), ended('nuisance'), ended('sensor-false')],
      ...[ended('unclear'), ended('test'), alarm({})],
      alarm({ device: 'gone' }, [9, it.isResolved('real')]),
    )
    expect(row('real.model.native/call-button')).toEqual([1 / 6, 1, 6])
    expect(row('false.model.native/call-button')).toEqual([4 / 6, 4, 6])
    expect(row('real.rule.sos')).toEqual([2 / 7, 2, 7])
  })

  test('count residents who were reached afterwards, and the mean of the marks that they gave', async () => {
    const asked = (reached: boolean, mark?: number) =>
      alarm({}, [9, it.isResolved('real')], [10, it.isFollowedUp(reached, mark)])
    const row = await rowsOf(
      asked(true, 5),
      asked(true, 4),
      asked(true),
      asked(false),
      alarm({}, [9, it.isResolved('real')]),
    )
    expect(row('followed-up')).toEqual([3 / 5, 3, 5])
    expect(row('satisfaction')).toEqual([4.5, 9, 2])
  })

  test('count hand-overs by service, each alarm once', async () => {
    const row = await rowsOf(
      alarm({}, [5, it.isHandedTo('120')], [6, it.isHandedTo('120')], [7, it.isHandedTo('110')]),
      alarm({}),
    )
    expect(row('handed-over.120')).toEqual([1, 1, 2])
    expect(row('handed-over.110')).toEqual([1, 1, 2])
    expect(row('handed-over.119')).toEqual([0, 0, 2])
  })

  test('have no value where there was nothing to count', async () => {
    const row = await rowsOf()
    expect(row('answered-15s')).toEqual([null, 0, 0])
    expect(row('received-arrived-median')).toEqual([null, 0, 0])
    expect(row('satisfaction')).toEqual([null, 0, 0])
    expect(row('alarms')).toEqual([0, 0, 0])
  })
})

describe('a provider', () => {
  const providers = (...facts: readonly AlarmFacts[]) =>
    providersOf(facts, {
      arrivalMsOf,
      pointOf: responder => facts.find(one => one.responder === responder)?.point,
      nameOf: point => (point === 'sp-1' ? '第1服务站' : undefined),
    })

  test('is the point whose responder went, or else the point that took it; a seat is none', () => {
    const rows = providers(
      alarm({}, [5, it.isAcknowledgedBy('sp-1')], [30, it.isDispatched('rs-1')], [630, it.isReached('rs-1')]),
      alarm({}, [5, it.isAcknowledgedBy('op-1')], [60, it.isDispatched('rs-1')], [1_000, it.isReached()]),
      alarm({}, [5, it.isAcknowledgedBy('sp-2')], [9, it.isResolved('real')]),
      alarm({}, [5, it.isAcknowledgedBy('op-1')]),
      alarm({ kind: 'test' }, [5, it.isAcknowledgedBy('sp-1')]),
    )
    expect(rows).toEqual([
      {
        point: 'sp-1',
        name: '第1服务站',
        alarms: 2,
        medianDispatchSeconds: 30,
        medianArriveSeconds: 630,
        p95ArriveSeconds: 1_000,
        arrivedInTime: { numerator: 1, denominator: 2 },
        resolved: 0,
        overdue: 0,
        satisfaction: { numerator: 0, denominator: 0 },
      },
      expect.objectContaining({
        point: 'sp-2',
        name: 'sp-2',
        alarms: 1,
        medianArriveSeconds: null,
        resolved: 1,
      }),
    ])
  })
})
