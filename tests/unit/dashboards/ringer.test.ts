import { beforeEach, describe, expect, test } from 'vitest'
import { type Burst, breakthrough, burstMs, bursts, pauseMs } from '../../../dashboards/sound/patterns.ts'
import { createRinger, type Ringer } from '../../../dashboards/sound/ringer.ts'
import type { AlarmView } from '../../../gateway/api/alarm-view.ts'
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock.ts'
import { alarmView, heldBy } from './alarm-views.ts'

const minuteMs = 60_000

describe('the ringer', () => {
  let clock: VirtualClock
  let isOn: boolean
  let played: { at: number; burst: Burst }[]
  let sounded: string[]
  let ringer: Ringer
  const show = (...alarms: AlarmView[]) => ringer.show(alarms, new Map())
  const names = () =>
    played.map(({ burst }) =>
      burst === breakthrough
        ? 'short'
        : (Object.entries(bursts).find(([, one]) => one === burst)?.[0] ?? '?'),
    )

  beforeEach(() => {
    clock = createVirtualClock()
    isOn = true
    played = []
    sounded = []
    ringer = createRinger({
      clock,
      speaker: {
        play: burst => {
          if (isOn) played.push({ at: clock.now(), burst })
          return isOn
        },
        silence: () => undefined,
      },
      onSounded: alarms => sounded.push(...alarms.map(({ id }) => id)),
    })
    show()
  })

  test('rings at once for a call, and goes on until somebody has it', () => {
    show(alarmView('a', 'sos'))
    expect(names()).toEqual(['high'])
    expect(sounded).toEqual(['a'])
    clock.advance(minuteMs)
    const every = burstMs(bursts.high) + pauseMs.high
    expect(played.map(({ at }) => at)).toEqual(Array.from({ length: played.length }, (_, n) => n * every))
    expect(played.length).toBe(1 + Math.floor(minuteMs / every))
    show(alarmView('a', 'sos', heldBy('wu')))
    played = []
    clock.advance(minuteMs)
    expect(played).toEqual([])
  })

  test('rings for what waited when the page was opened', () => {
    ringer = createRinger({
      clock,
      speaker: { play: burst => played.push({ at: clock.now(), burst }) > 0, silence: () => undefined },
      onSounded: () => undefined,
    })
    show(alarmView('a', 'sos'))
    expect(names()).toEqual(['high'])
  })

  test('sounds a press on a call that somebody has, once', () => {
    const call = alarmView('a', 'sos')
    show(call)
    const held = { ...call, ...heldBy('wu') }
    show(held)
    show({ ...held, repeats: 1 })
    clock.advance(minuteMs)
    expect(names()).toEqual(['high', 'high'])
  })

  test('goes on with a medium one until it was looked at here', () => {
    const medium = alarmView('a', 'no-return-to-bed')
    show(medium)
    clock.advance(30_000)
    expect(names()).toEqual(['medium', 'medium', 'medium'])
    ringer.show([medium], new Map([['a', 0]]))
    clock.advance(minuteMs)
    expect(played.length).toBe(3)
  })

  test('sounds devices and requests once and low, and tests never', () => {
    show(alarmView('a', 'device-silent'), alarmView('s', 'service'), alarmView('t', 'test'))
    clock.advance(minuteMs)
    expect(names()).toEqual(['low'])
    expect(sounded).toEqual(['a', 's'])
  })

  test('breaks a softer burst off for a louder one, and no burst for one as loud', () => {
    const [medium, first, second] = [
      alarmView('m', 'water-leak'),
      alarmView('a', 'sos'),
      alarmView('b', 'gas'),
    ]
    show(medium)
    show(medium, first)
    clock.advance(500)
    show(medium, first, second)
    expect(names()).toEqual(['medium', 'high'])
    expect(sounded).toEqual(['m', 'a', 'b'])
  })

  test('gives a press during a burst one of its own', () => {
    const held = alarmView('a', 'sos', heldBy('wu'))
    show(held)
    clock.advance(500)
    show({ ...held, repeats: 1 })
    clock.advance(minuteMs)
    expect(names()).toEqual(['high', 'high'])
  })

  test('is quiet while it is muted, and rings again by itself', () => {
    show(alarmView('a', 'sos'))
    ringer.mute(clock.now() + 2 * minuteMs)
    clock.advance(2 * minuteMs - 1)
    expect(names()).toEqual(['high'])
    clock.advance(1)
    expect(names()).toEqual(['high', 'high'])
  })

  test('lets a new call or hazard through a mute, shortly, and nothing else', () => {
    ringer.mute(clock.now() + 10 * minuteMs)
    const fall = alarmView('f', 'fall')
    show(fall)
    expect(names()).toEqual([])
    show(fall, alarmView('a', 'sos'))
    expect(names()).toEqual(['short'])
    clock.advance(minuteMs)
    show(fall, alarmView('a', 'sos', { repeats: 1 }))
    clock.advance(minuteMs)
    expect(names()).toEqual(['short', 'short'])
  })

  test('lets a call through a mute again when it comes back, and when it is asked wider', () => {
    const call = alarmView('a', 'sos')
    const held = { ...call, ...heldBy('wu') }
    show(call)
    show(held)
    ringer.mute(clock.now() + 10 * minuteMs)
    clock.advance(minuteMs)
    played = []
    show(call)
    expect(names()).toEqual(['short'])
    clock.advance(minuteMs)
    show({ ...call, level: 2 })
    expect(names()).toEqual(['short', 'short'])
    // Everybody is asked once more, somebody takes it, and hands it on: none of that is more than it was.
    show({ ...call, level: 2, version: 2 })
    show({ ...held, level: 2 })
    show({ ...held, level: 2, ...heldBy('zhou') })
    clock.advance(minuteMs)
    expect(names()).toEqual(['short', 'short'])
  })

  test('keeps a finding that comes back quiet for as long as it is muted', () => {
    const fall = alarmView('f', 'fall')
    show({ ...fall, ...heldBy('wu') })
    ringer.mute(clock.now() + 10 * minuteMs)
    played = []
    show({ ...fall, level: 2 })
    clock.advance(9 * minuteMs)
    expect(names()).toEqual([])
    clock.advance(minuteMs)
    expect(names()).toEqual(['high'])
  })

  test('rings at once for a call that comes back, and on its beat when it is asked wider', () => {
    const call = alarmView('a', 'sos')
    show({ ...call, ...heldBy('wu') })
    clock.advance(500)
    played = []
    clock.advance(minuteMs)
    const back = clock.now()
    show(call)
    clock.advance(100)
    show({ ...call, level: 2 })
    clock.advance(2 * (burstMs(bursts.high) + pauseMs.high) - 101)
    expect(played.map(({ at }) => at - back)).toEqual([0, burstMs(bursts.high) + pauseMs.high])
  })

  test('claims no sound that nobody can hear, and begins when it is switched on', () => {
    isOn = false
    show(alarmView('a', 'sos'))
    expect(sounded).toEqual([])
    isOn = true
    ringer.resume()
    expect(names()).toEqual(['high'])
  })
})

describe('the bursts', () => {
  test('have 10, 3 and 2 pulses (IEC 60601-1-8, 6.3.3.1)', () => {
    expect([bursts.high.length, bursts.medium.length, bursts.low.length]).toEqual([10, 3, 2])
  })

  test('never overlap themselves, and keep to the lengths and pitches of the standard', () => {
    for (const [name, burst] of Object.entries({ ...bursts, breakthrough })) {
      const [least, most] = burst.length % 5 === 0 ? [75, 200] : [125, 250]
      burst.forEach((pulse, index) => {
        expect(pulse.lengthMs, name).toBeGreaterThanOrEqual(least)
        expect(pulse.lengthMs, name).toBeLessThanOrEqual(most)
        expect(pulse.hz).toBeGreaterThanOrEqual(150)
        expect(pulse.hz).toBeLessThanOrEqual(1_000)
        const next = burst[index + 1]
        if (next) expect(next.atMs - pulse.atMs - pulse.lengthMs, name).toBeGreaterThanOrEqual(50)
      })
    }
  })

  test('of what is high leave 2.5 to 15 s between them, of what is medium 2.5 to 30 s', () => {
    expect(pauseMs.high).toBeGreaterThanOrEqual(2_500)
    expect(pauseMs.high).toBeLessThanOrEqual(15_000)
    expect(pauseMs.medium).toBeGreaterThanOrEqual(2_500)
    expect(pauseMs.medium).toBeLessThanOrEqual(30_000)
  })
})
