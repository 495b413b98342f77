import { describe, expect, test } from 'vitest'
import { DeviceId } from '../../../gateway/model/ids.ts'
import { createMoments } from '../../../gateway/moments.ts'

const pad = DeviceId.parse('pad-1')
const now = Date.UTC(2026, 10, 21, 18)

describe('the time of a measurement', () => {
  test('is the device’s own, also where it is hours ago', () => {
    expect(createMoments()(pad, now, now - 8 * 3_600_000)).toBe(now - 8 * 3_600_000)
  })

  test.each([
    ['an hour ahead', now + 3_600_000],
    ['at the beginning of time', 0],
    ['in the year 2000, where its clock began anew', Date.UTC(2000, 0, 1, 5)],
    ['in the year of its firmware', Date.UTC(2024, 6)],
  ])('is when it came in, where the device is %s', (_where, deviceTime) => {
    expect(createMoments()(pad, now, deviceTime)).toBe(now)
  })

  test('is never ahead of when it came in', () => {
    expect(createMoments()(pad, now, now + 30_000)).toBe(now)
  })

  test('is its own for each of several that came in together', () => {
    const moments = createMoments()
    const times = [1, 2, 3].map(() => moments(pad, now, undefined))
    expect(new Set(times).size).toBe(3)
  })
})

describe('a clock that is slow', () => {
  const minuteMs = 60_000
  const stepMs = 15_000
  const arrivals = (count: number, from = now): readonly number[] =>
    Array.from({ length: count }, (_, index) => from + index * stepMs)

  /** How long ago each measurement was, as it is believed. */
  const ages = (
    moments: ReturnType<typeof createMoments>,
    receivedAts: readonly number[],
    lateMs: (index: number) => number,
  ): readonly number[] =>
    receivedAts.map((receivedAt, index) => receivedAt - moments(pad, receivedAt, receivedAt - lateMs(index)))

  const wobble = (index: number): number => (index % 3) * 2_000

  test('is believed until it has been as late in 10 messages over 2 min, and from then on not', () => {
    const late = 40 * minuteMs
    expect(ages(createMoments(), arrivals(12), () => late)).toEqual([...Array(9).fill(late), 0, 0, 0])
  })

  test('is found though its messages take their time', () => {
    expect(ages(createMoments(), arrivals(12), index => 40 * minuteMs + wobble(index)).slice(9)).toEqual([
      0, 0, 0,
    ])
  })

  test('is not known from many messages in less than 2 min', () => {
    const moments = createMoments()
    const late = 40 * minuteMs
    const seconds = Array.from({ length: 121 }, (_, index) => now + index * 1_000)
    expect(ages(moments, seconds, () => late).lastIndexOf(late)).toBe(119)
  })

  test('is believed again once it is set, also to another wrong time', () => {
    for (const mended of [0, 3_000, 20 * minuteMs]) {
      const moments = createMoments()
      ages(moments, arrivals(12), () => 40 * minuteMs)
      const after = ages(moments, arrivals(9, now + 12 * stepMs), () => mended)
      expect(after).toEqual(Array(9).fill(mended))
    }
  })

  test.each([
    ['twice as fast as it was measured', stepMs],
    ['sixty times as fast', 59 * stepMs],
    ['a tenth faster than it was measured', stepMs / 10],
  ])('is not what sends a backlog, %s', (_pace, gainedMs) => {
    const lateMs = (index: number): number => Math.max(0, 8 * 60 * minuteMs - index * gainedMs)
    expect(ages(createMoments(), arrivals(400), lateMs)).toEqual(
      arrivals(400).map((_, index) => lateMs(index)),
    )
  })

  test('is not one that lives and wobbles, nor one that is always a little late', () => {
    for (const late of [0, 2 * minuteMs - 4_000]) {
      const lateMs = (index: number): number => late + wobble(index)
      expect(ages(createMoments(), arrivals(60), lateMs)).toEqual(
        arrivals(60).map((_, index) => lateMs(index)),
      )
    }
  })

  test('says nothing of the clocks of others', () => {
    const moments = createMoments()
    ages(moments, arrivals(12), () => 40 * minuteMs)
    expect(moments(DeviceId.parse('pad-2'), now, now - 40 * minuteMs)).toBe(now - 40 * minuteMs)
  })
})
