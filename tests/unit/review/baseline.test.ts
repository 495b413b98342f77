import { describe, expect, test } from 'vitest'
import { createLocalTime } from '../../../gateway/kit/local-time.ts'
import { createBaseline } from '../../../gateway/review/baseline.ts'

const localTime = createLocalTime('Asia/Shanghai')
const quarter = 15 * 60_000
/** 01:00 local time on the n-th night. */
const oneOClock = (night: number) => Date.parse('2026-11-01T17:00:00Z') + night * 86_400_000
const at = (start: number, mean: number, count = 1) => ({ at: start, min: mean, mean, max: mean, count })

describe('what is usual at a time of day', () => {
  test('is the 10th, 50th and 90th percentile of the means of each night', () => {
    const baseline = createBaseline(localTime)
    for (let night = 0; night < 10; night += 1) baseline.add('heartRate', [at(oneOClock(night), 50 + night)])
    expect(baseline.usual()).toEqual([
      { metric: 'heartRate', minuteOfDay: 60, low: 50, median: 54, high: 58, nights: 10 },
    ])
  })

  test('rests on the nights that have data: one without a sample is not a night of zero', () => {
    const baseline = createBaseline(localTime)
    baseline.add('heartRate', [at(oneOClock(0), 60), at(oneOClock(5), 62), at(oneOClock(5) + quarter, 70)])
    expect(baseline.usual()).toEqual([
      { metric: 'heartRate', minuteOfDay: 60, low: 60, median: 60, high: 62, nights: 2 },
      { metric: 'heartRate', minuteOfDay: 75, low: 70, median: 70, high: 70, nights: 1 },
    ])
  })

  test('counts each sample the same, whichever device it is from and however it came', () => {
    const baseline = createBaseline(localTime)
    baseline.add('movement', [at(oneOClock(0), 10, 3)])
    baseline.add('movement', [at(oneOClock(0) + 60_000, 50, 1)])
    expect(baseline.usual()).toMatchObject([{ median: 20, nights: 1 }])
  })

  test('keeps metrics apart, in order of the time of day', () => {
    const baseline = createBaseline(localTime)
    baseline.add('inBed', [at(oneOClock(0) + quarter, 1), at(oneOClock(1), 0)])
    baseline.add('heartRate', [at(oneOClock(0), 60)])
    expect(baseline.usual().map(({ metric, minuteOfDay }) => [metric, minuteOfDay])).toEqual([
      ['inBed', 60],
      ['inBed', 75],
      ['heartRate', 60],
    ])
  })
})
