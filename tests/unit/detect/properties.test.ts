import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { deviceWatch, homeWatch, roomOf } from '../../../gateway/detect/watch.ts'
import type { Fact } from '../../../gateway/model/detection.ts'
import { deviceModelOf } from '../../../gateway/model/device-models.ts'
import { contextOf, defaults, fact, play, time } from './play.ts'

const start = time('23:55:00')
const end = start + 10 * 60_000

/** So short that what takes minutes in life happens within the 10 min of the property. */
const context = contextOf({
  cognition: true,
  thresholds: defaults({
    'heartRate.lowHighAfter': 5,
    'heartRate.lowMediumAfter': 30,
    'heartRate.highHighAfter': 5,
    'respiration.lowAfter': 5,
    'respiration.highMediumAfter': 5,
    'apnoea.mediumAfter': 30,
    'bedExit.mediumAfter': 2,
    'bedExit.highAfter': 4,
    'bathroom.promptAfter': 2,
    'bathroom.highAfter': 1,
    'battery.times': 2,
    'chatter.times': 4,
    'silence.missed': 1,
  }),
  sensor: device => ({ model: deviceModelOf('native/bed-pad'), room: roomOf(device) }),
})

const yesNo = fc.constantFrom(0, 1)
const said = fc.oneof(
  fc.record({
    what: fc.constant('readings' as const),
    readings: fc.record(
      {
        heartRate: fc.constantFrom(0, 38, 44, 52, 70, 140),
        respirationRate: fc.constantFrom(0, 8, 14, 26),
        inBed: yesNo,
        quality: fc.constantFrom(20, 90),
        presence: yesNo,
        motion: yesNo,
        movement: fc.constantFrom(0, 40),
        doorOpen: yesNo,
        batteryPercent: fc.constantFrom(10, 22, 60),
      },
      { requiredKeys: [] },
    ),
  }),
  fc.constantFrom<Fact['what'][]>('alive', 'connected', 'disconnected', 'cancel').map(what => ({ what })),
  fc.constantFrom('fall', 'sos', 'smoke').map(trigger => ({ what: 'trigger', trigger })),
  fc.constantFrom('bed-exit', 'bed-return', 'door-open').map(activity => ({ what: 'activity', activity })),
  fc.record({
    what: fc.constant('status' as const),
    status: fc.record({ tamper: fc.boolean(), mains: fc.boolean() }),
  }),
)
/** Of one watch, each at a time of its own. */
const factsOf = (devices: readonly string[]) =>
  fc
    .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 599 }), said, fc.constantFrom(...devices)), {
      selector: ([second]) => second,
      maxLength: 50,
    })
    .map(some =>
      some.map(([second, one, device]) =>
        Object.assign(fact(start + second * 1_000, { what: 'alive' }, device), one),
      ),
    )

const watches = [
  { name: 'device', watch: deviceWatch, facts: factsOf(['d-1']) },
  { name: 'home', watch: homeWatch, facts: factsOf(['bed', 'bath', 'door']) },
] as const

describe.each(watches)('the watch of a $name', ({ watch, facts }) => {
  test('comes to the same verdicts in whatever order facts come', () => {
    fc.assert(
      fc.property(facts, some => {
        const sorted = play(watch, context)
        for (const one of some.toSorted((a, b) => a.at - b.at)) sorted.see(one, end)
        const mixed = play(watch, context)
        for (const one of some) mixed.see(one, end)
        for (let at = end; at < end + 600_000; at += 30_000) {
          expect(mixed.conditions()).toEqual(sorted.conditions())
          sorted.tick(at)
          mixed.tick(at)
        }
      }),
      { numRuns: 300 },
    )
  })

  test('finds the same with restarts at any time, and nothing more in what comes again', () => {
    fc.assert(
      fc.property(facts, fc.array(fc.boolean(), { minLength: 50, maxLength: 50 }), (some, restarts) => {
        const through = play(watch, context)
        const restarted = play(watch, context)
        some.forEach((one, index) => {
          const now = Math.max(one.at, ...some.slice(0, index).map(before => before.at))
          for (const played of [through, restarted]) {
            played.see(one, now)
            played.tick(now + 500)
          }
          if (restarts[index]) restarted.restart()
        })
        expect(restarted.found).toEqual(through.found)
        const found = through.found.length
        for (const one of some) through.see(one, end)
        expect(through.found.length).toBe(found)
      }),
      { numRuns: 200 },
    )
  })

  test('alternates between rise and end, and never finds what begins after its finding', () => {
    fc.assert(
      fc.property(facts, fc.integer({ min: -900, max: 900 }), (some, jumpSeconds) => {
        const played = play(watch, context)
        some.forEach((one, index) => {
          const jumpMs = index > some.length / 2 ? jumpSeconds * 1_000 : 0
          played.see({ ...one, at: one.at + jumpMs })
          played.tick(one.at + jumpMs + 1_000)
        })
        const raised = new Map<string, string>()
        for (const { rule, change, level, since, at, evidence } of played.found) {
          expect(since).toBeLessThanOrEqual(at)
          expect(evidence.length).toBeLessThanOrEqual(20)
          const before = raised.get(rule)
          if (change === 'ended') expect(before).toBeDefined()
          else expect(before).not.toBe('high')
          if (change === 'ended' || rule === 'fall-still') raised.delete(rule)
          else raised.set(rule, level)
        }
      }),
      { numRuns: 300 },
    )
  })
})
