import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { neighbourOf, type QueueView, queueRows } from '../../../dashboards/console/queue-rows.ts'
import { byUrgency, isMassWork } from '../../../dashboards/console/urgency.ts'
import type { AlarmView } from '../../../gateway/api/alarm-view.ts'
import { type AlarmKind, alarmKinds, isAlarmKind } from '../../../gateway/model/kinds.ts'
import { alarmView, heldBy, receivedAfter } from './alarm-views.ts'

const everything: QueueView = { tab: 'all', search: '', grouping: 'none', opened: new Set(), me: 'zhou' }
const inOrder = (...alarms: AlarmView[]) => byUrgency(alarms).map(({ id }) => id)
/** Headings by what they are of, alarms by their ids. */
const shown = (alarms: readonly AlarmView[], view: Partial<QueueView> = {}) =>
  queueRows(byUrgency(alarms), { ...everything, ...view }).map(row =>
    row.type === 'heading' ? `[${row.key}]` : row.key,
  )

describe('the queue', () => {
  test('has what comes in while its order is kept below the others, found and filtered like them', () => {
    const kept = [alarmView('kept', 'service'), alarmView('test', 'test')]
    const added = [alarmView('call', 'sos'), alarmView('fall', 'fall')]
    const rows = (view: Partial<QueueView> = {}) =>
      queueRows(kept, { ...everything, ...view }, added).map(({ key }) => key)
    expect(rows().slice(0, 4)).toEqual(queueRows(kept, everything).map(({ key }) => key))
    expect(rows().slice(4)).toEqual(['band:added', 'call', 'fall'])
    expect(rows({ tab: 'calls' })).toEqual(['band:added', 'call'])
    expect(rows({ grouping: 'kind' }).slice(-3)).toEqual(['band:added', 'call', 'fall'])
  })

  test('has what nobody has taken before what is in hand, however loud', () => {
    expect(inOrder(alarmView('held', 'sos', heldBy('wu')), alarmView('new', 'no-return-to-bed'))).toEqual([
      'new',
      'held',
    ])
  })

  test('has the louder first, and a call before what was worked out as loud', () => {
    expect(
      inOrder(alarmView('bed', 'no-return-to-bed'), alarmView('fall', 'fall'), alarmView('call', 'sos')),
    ).toEqual(['call', 'fall', 'bed'])
  })

  test('has whoever has waited longest first among equals', () => {
    expect(
      inOrder(alarmView('later', 'sos', receivedAfter(9)), alarmView('earlier', 'smoke', receivedAfter(3))),
    ).toEqual(['earlier', 'later'])
  })

  test('puts a hundred silent devices below a call in hand, but not that nobody is on duty', () => {
    expect(
      inOrder(
        alarmView('silent', 'device-silent'),
        alarmView('unattended', 'nobody-on-duty'),
        alarmView('held', 'sos', heldBy('wu')),
      ),
    ).toEqual(['unattended', 'held', 'silent'])
  })

  test('never has a test before anything else', () => {
    const kinds = Object.keys(alarmKinds).filter(isAlarmKind)
    for (const kind of kinds.filter(one => one !== 'test')) {
      expect(inOrder(alarmView('test', 'test'), alarmView('other', kind, heldBy('wu')))).toEqual([
        'other',
        'test',
      ])
    }
  })

  test('has one order for any set of alarms, in whichever order they came', () => {
    const some = fc.record({
      kind: fc.constantFrom(...Object.keys(alarmKinds).filter(isAlarmKind)),
      seconds: fc.nat(5),
      isHeld: fc.boolean(),
    })
    const set = fc
      .array(some, { maxLength: 12 })
      .map(list =>
        list.map(({ kind, seconds, isHeld }, index) =>
          alarmView(`a${index}`, kind, { ...receivedAfter(seconds), ...(isHeld && heldBy('wu')) }),
        ),
      )
    fc.assert(
      fc.property(
        set.chain(list => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        ([list, mixed]) => {
          expect(inOrder(...mixed)).toEqual(inOrder(...list))
        },
      ),
    )
  })

  test('stands in sections', () => {
    const alarms = [
      alarmView('t', 'test'),
      alarmView('b', 'battery-low'),
      alarmView('h', 'sos', heldBy('wu')),
      alarmView('w', 'sos'),
    ]
    expect(shown(alarms)).toEqual([
      '[band:waiting]',
      'w',
      '[band:in-hand]',
      'h',
      '[band:quiet]',
      'b',
      '[band:test]',
      't',
    ])
  })

  test('shows under “mine” what I hold, and nothing that a point of the same name holds', () => {
    const alarms = [
      alarmView('mine', 'sos', heldBy('zhou')),
      alarmView('theirs', 'sos', heldBy('wu')),
      alarmView('point', 'sos', { state: 'acknowledged', acknowledgedBy: { kind: 'point', id: 'zhou' } }),
    ]
    expect(shown(alarms, { tab: 'mine' })).toEqual(['[band:in-hand]', 'mine'])
  })

  test('finds by resident, address and device, and looks into folded groups', () => {
    const alarms = [
      alarmView('a', 'fall', { resident: { id: 'r', name: '王秀英' }, home: { id: 'h', street: '胜利路' } }),
      alarmView('b', 'fall', { device: { id: 'BTN-0007' }, home: { id: 'h2', street: '人民路' } }),
    ]
    expect(shown(alarms, { search: '秀英', grouping: 'street' })).toEqual(['[group:胜利路]', 'a'])
    expect(shown(alarms, { search: ' btn-0007 ' })).toEqual(['[band:waiting]', 'b'])
    expect(shown(alarms, { search: 'nobody' })).toEqual([])
  })
})

describe('a queue in groups', () => {
  const at = (street: string): Partial<AlarmView> => ({ home: { id: `h-${street}`, street } })

  test('folds groups, but never a call or hazard that nobody has', () => {
    const kinds: readonly AlarmKind[] = ['sos', 'smoke', 'gas', 'carbon-monoxide', 'water-leak']
    const calls = kinds.map(kind => alarmView(kind, kind, at('胜利路')))
    const others = [
      alarmView('fall', 'fall', at('胜利路')),
      alarmView('held', 'sos', { ...at('胜利路'), ...heldBy('wu') }),
    ]
    for (const grouping of ['street', 'line', 'kind'] as const) {
      const rows = shown([...others, ...calls], { grouping })
      expect(rows.filter(row => !row.startsWith('[')).toSorted()).toEqual([...kinds].toSorted())
      expect(rows[0]).toBe('[band:waiting]')
    }
  })

  test('opens a group on request and keeps tests last', () => {
    const alarms = [
      alarmView('t', 'test', at('a')),
      alarmView('x', 'fall', at('a')),
      alarmView('y', 'fall', at('b')),
    ]
    expect(shown(alarms, { grouping: 'street', opened: new Set(['group:b']) })).toEqual([
      '[group:a]',
      '[group:b]',
      'y',
      '[band:test]',
      't',
    ])
  })

  test('puts what one line brought together, whatever it is', () => {
    const on = (id: string): Partial<AlarmView> => ({
      device: { id, transport: { serial: { line: 'radar-1' } } },
    })
    const rows = queueRows([alarmView('a', 'fall', on('d1')), alarmView('b', 'device-silent', on('d2'))], {
      ...everything,
      grouping: 'line',
    })
    expect(rows).toMatchObject([
      { of: { group: 'radar-1' }, count: 2, waiting: 2, loudest: 'high', isFolded: true },
    ])
  })
})

describe('the keys of the queue', () => {
  const rows = queueRows([alarmView('a', 'sos'), alarmView('b', 'fall'), alarmView('t', 'test')], everything)

  test('go from alarm to alarm over headings, and stay at both ends', () => {
    expect(neighbourOf(rows, undefined, 1)?.id).toBe('a')
    expect(neighbourOf(rows, 'b', 1)?.id).toBe('t')
    expect(neighbourOf(rows, 't', 1)?.id).toBe('t')
    expect(neighbourOf(rows, 'a', -1)?.id).toBe('a')
    expect(neighbourOf([], 'a', 1)).toBeUndefined()
  })

  test('choose several only of devices and tests', () => {
    const kinds = Object.keys(alarmKinds).filter(isAlarmKind)
    expect(kinds.filter(kind => isMassWork(alarmView('x', kind)))).toEqual([
      'device-silent',
      'line-lost',
      'battery-low',
      'tamper',
      'mains-lost',
      'sensor-faulty',
      'test',
    ])
  })
})
