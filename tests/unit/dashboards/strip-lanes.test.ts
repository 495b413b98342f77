import { describe, expect, test } from 'vitest'
import type { Strip } from '../../../dashboards/console/card/alarm-detail.ts'
import { lanesOf, runsOf } from '../../../dashboards/console/card/strip-lanes.ts'

const device = { model: 'native/motion', room: null, lastSeenAt: null, events: {} }

/** Four bins of 15 min. */
const strip = (more: Partial<Strip>): Strip => ({
  from: '2026-11-21T12:00:00.000Z',
  to: '2026-11-21T13:00:00.000Z',
  binMinutes: 15,
  bins: 4,
  devices: [],
  alarms: [],
  isMasked: false,
  isCut: false,
  isUnread: false,
  ...more,
})

const alarm = (id: string, raisedAt: string) => ({
  id,
  kind: 'sos' as const,
  priority: 'high' as const,
  state: 'offered' as const,
  raisedAt,
  device: null,
  cause: null,
})

describe('the last hours of a home', () => {
  test('put together what is alike, and keep apart what is unknown', () => {
    expect(runsOf([1, 1, null, null, 0])).toEqual([
      { from: 0, to: 2, value: 1 },
      { from: 2, to: 4, value: null },
      { from: 4, to: 5, value: 0 },
    ])
  })

  test('have a lane for each bed, and one for all movement: unknown only where no sensor knew', () => {
    const lanes = lanesOf(
      strip({
        devices: [
          { ...device, id: 'a', room: 'bedroom', bed: [1, 1, 0, null], movement: [0.2, null, null, null] },
          { ...device, id: 'b', bed: [0, 0, 0, 0], movement: [0.6, 0.1, null, 0] },
        ],
      }),
    )
    expect(lanes.map(({ what }) => what)).toEqual(['bed', 'bed', 'movement', 'alarm'])
    expect(lanes[2]).toEqual({ what: 'movement', levels: [0.6, 0.1, null, 0] })
  })

  test('count what all devices say in the same quarter of an hour', () => {
    const lanes = lanesOf(
      strip({
        devices: [
          { ...device, id: 'a', events: { door: [[2, 1]], press: [[3, 2]] } },
          {
            ...device,
            id: 'b',
            events: {
              door: [
                [1, 1],
                [2, 3],
              ],
            },
          },
        ],
      }),
    )
    expect(lanes).toEqual([
      {
        what: 'door',
        ticks: [
          { bin: 1, count: 1 },
          { bin: 2, count: 4 },
        ],
      },
      { what: 'press', ticks: [{ bin: 3, count: 2 }] },
      { what: 'alarm', ticks: [] },
    ])
  })

  test('show alarms in order, without those from before that are still open', () => {
    const [lane] = lanesOf(
      strip({
        alarms: [
          alarm('new', '2026-11-21T12:50:00.000Z'),
          alarm('older', '2026-11-21T12:16:00.000Z'),
          alarm('before', '2026-11-20T08:00:00.000Z'),
        ],
      }),
    )
    expect(lane).toEqual({
      what: 'alarm',
      ticks: [
        { bin: 1, count: 1, priority: 'high' },
        { bin: 3, count: 1, priority: 'high' },
      ],
    })
  })
})
