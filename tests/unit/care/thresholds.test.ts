import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ResidentId } from '../../../gateway/model/ids.ts'
import { thresholdNames, thresholds } from '../../../gateway/model/thresholds.ts'
import { openHouse, wang } from './house.ts'

const li = ResidentId.parse('r-0001')
const zhao = ResidentId.parse('r-0002')
const context = { by: wang, why: '夜间如厕较多' }

let house: ReturnType<typeof openHouse>
beforeEach(() => {
  house = openHouse()
})
afterEach(() => house.remove())

const highAfter = (resident: ResidentId | undefined) => house.care.thresholds(resident)['bedExit.highAfter']

/** Fails unless it was accepted. */
const change = (...given: Parameters<typeof house.care.change>) => {
  const changes = house.care.change(...given)
  if ('refused' in changes) throw new Error(changes.detail)
  return changes
}

describe('the figure that counts', () => {
  test('is the default where nobody has set one, or nobody is known to live', () => {
    for (const name of thresholdNames) {
      expect(house.care.thresholds(li)[name]).toBe(thresholds[name].value)
      expect(house.care.thresholds(undefined)[name]).toBe(thresholds[name].value)
    }
  })

  test('is the resident’s own before the preset’s, and the preset’s before the default', () => {
    house.levels.set(li, 3).set(zhao, 3)
    change({ preset: 3 }, { 'bedExit.highAfter': 25 }, context)
    change({ resident: li }, { 'bedExit.highAfter': 40 }, context)
    expect([li, zhao, undefined].map(highAfter)).toEqual([40, 25, 30])
    expect(house.care.explain(li)['bedExit.highAfter']).toEqual({ value: 40, source: 'resident' })
    expect(house.care.explain(zhao)['bedExit.highAfter']).toEqual({ value: 25, source: 'preset' })
    expect(house.care.preset(3)['bedExit.highAfter']).toEqual({ value: 25, source: 'preset' })
    expect(house.care.preset(2)['bedExit.highAfter']).toEqual({ value: 30, source: 'default' })

    change({ resident: li }, { 'bedExit.highAfter': null }, context)
    change({ preset: 3 }, { 'bedExit.highAfter': null }, context)
    expect([li, zhao].map(highAfter)).toEqual([30, 30])
    expect(house.care.explain(li)['bedExit.highAfter'].source).toBe('default')
  })

  test('follows the level that the registry has now, for figures that were asked for before', () => {
    change({ preset: 4 }, { 'bedExit.highAfter': 21 }, context)
    change({ resident: zhao }, { 'apnoea.highAfter': 90 }, context)
    expect([li, zhao].map(highAfter)).toEqual([30, 30])
    house.levels.set(li, 4).set(zhao, 4)
    expect([li, zhao].map(highAfter)).toEqual([21, 21])
    expect(house.care.thresholds(zhao)['apnoea.highAfter']).toBe(90)
    house.levels.set(zhao, 1)
    expect([li, zhao].map(highAfter)).toEqual([21, 30])
  })

  test('is the same after the next start', () => {
    house.levels.set(li, 2)
    change({ preset: 2 }, { 'bedExit.highAfter': 22, 'battery.lowAt': 30 }, context)
    change({ preset: 2 }, { 'battery.lowAt': null }, context)
    change({ resident: li }, { 'quality.least': 62.5 }, context)
    const before = house.care.explain(li)
    house.reopen()
    expect(house.care.explain(li)).toEqual(before)
    expect(before).toMatchObject({
      'bedExit.highAfter': { value: 22, source: 'preset' },
      'battery.lowAt': { value: 20, source: 'default' },
      'quality.least': { value: 62.5, source: 'resident' },
    })
    expect(house.warnings).toEqual([])
  })

  test('is the default where the file has what this version would not take, and the log names it', () => {
    change({ resident: li }, { 'bedExit.highAfter': 40, 'battery.lowAt': 30, 'test.every': 14 }, context)
    house.tamper(`UPDATE threshold SET name = 'bed.exit' WHERE name = 'bedExit.highAfter';
      UPDATE threshold SET after = 4000 WHERE name = 'battery.lowAt'`)
    house.reopen()
    const { 'battery.lowAt': battery, 'test.every': test } = house.care.thresholds(li)
    expect([highAfter(li), battery, test]).toEqual([30, 20, 14])
    expect(house.warnings).toMatchObject([{ name: 'battery.lowAt' }, { name: 'bed.exit' }])
    expect(house.care.history({ resident: li }, 10).map(({ name }) => name)).toEqual([
      'test.every',
      'battery.lowAt',
    ])
  })
})

describe('a change', () => {
  test('is kept with who, when and why, newest first, one line a figure', () => {
    const at = house.clock.now()
    change({ resident: li }, { 'bedExit.highAfter': 40 }, context)
    house.clock.advance(1_000)
    change({ resident: li }, { 'bedExit.highAfter': null, 'battery.lowAt': 25 }, { by: wang, why: '复原' })
    change({ resident: zhao }, { 'battery.lowAt': 25 }, context)
    house.reopen()
    expect(house.care.history({ resident: li }, 10)).toEqual([
      { name: 'battery.lowAt', before: null, after: 25, by: wang, at: at + 1_000, why: '复原' },
      { name: 'bedExit.highAfter', before: 40, after: null, by: wang, at: at + 1_000, why: '复原' },
      { name: 'bedExit.highAfter', before: null, after: 40, by: wang, at, why: '夜间如厕较多' },
    ])
    expect(house.care.history({ resident: li }, 1)).toHaveLength(1)
    expect(house.care.history({ preset: 0 }, 10)).toEqual([])
  })

  test('that changes nothing leaves no line', () => {
    change({ preset: 1 }, { 'battery.lowAt': 25 }, context)
    expect(change({ preset: 1 }, { 'battery.lowAt': 25, 'test.every': null }, context)).toEqual([])
    expect(house.care.history({ preset: 1 }, 10)).toHaveLength(1)
  })

  test('with mistakes is refused as a whole, and each mistake is named', () => {
    const refused = house.care.change(
      { resident: li },
      {
        'bedExit.highAftr': 40,
        gravity: 9.81,
        'heartRate.on': 0.5,
        'battery.lowAt': 61,
        'quality.least': Number.NaN,
        'apnoea.mediumAfter': 90,
        'test.every': 14,
      },
      context,
    )
    expect(refused).toEqual({
      refused: 'invalid-thresholds',
      detail: expect.stringContaining('battery.lowAt must be from 1 to 60 (%); '),
      facts: {
        mistakes: [
          { name: 'bedExit.highAftr', problem: 'is not a threshold; did you mean bedExit.highAfter?' },
          { name: 'gravity', problem: 'is not a threshold' },
          { name: 'heartRate.on', problem: 'must be a whole number from 0 to 1 (yes/no)' },
          { name: 'battery.lowAt', problem: 'must be from 1 to 60 (%)' },
          { name: 'quality.least', problem: 'must be from 0 to 100 (%)' },
          {
            name: 'apnoea.mediumAfter',
            problem: 'contradicts: apnoea.mediumAfter (90) must be at most apnoea.highAfter (60)',
          },
        ],
      },
    })
    expect(house.care.thresholds(li)['test.every']).toBe(7)
    expect(house.care.history({ resident: li }, 10)).toEqual([])
  })

  test.each([
    ['heartRate.lowHighAt', 51],
    ['heartRate.highMediumAt', 132],
    ['heartRate.highMediumAt', 70, 'heartRate.lowMediumAt', 70],
    ['respiration.highMediumAfter', 601],
    ['respiration.highAt', 15, 'respiration.lowAt', 15],
    ['apnoea.highAfter', 29],
    ['bedExit.mediumAfter', 31],
    ['inactivity.mediumAfter', 13],
    ['bedExit.from', 360],
    ['inactivity.nightTo', 1_320],
    ['doorAtNight.to', 1_380],
  ])(
    'of %s to %i, which contradicts another figure, is refused',
    (name, value, other = name, its = value) => {
      expect(house.care.change({ preset: 0 }, { [name]: value, [other]: its }, context)).toMatchObject({
        refused: 'invalid-thresholds',
        facts: { mistakes: [{ problem: expect.stringMatching(/^contradicts: /) }] },
      })
    },
  )

  test('of a pair at once is judged by what comes out', () => {
    change({ preset: 0 }, { 'bedExit.highAfter': 60, 'bedExit.mediumAfter': 45 }, context)
    expect(house.care.change({ preset: 0 }, { 'bedExit.highAfter': null }, context)).toMatchObject({
      refused: 'invalid-thresholds',
    })
    change({ preset: 0 }, { 'bedExit.highAfter': null, 'bedExit.mediumAfter': null }, context)
  })

  test('of a preset is refused where it contradicts what a resident of that level has', () => {
    house.levels.set(li, 2).set(zhao, 3)
    change({ resident: li }, { 'bedExit.highAfter': 25 }, context)
    change({ resident: zhao }, { 'bedExit.highAfter': 25 }, context)
    expect(house.care.change({ preset: 2 }, { 'bedExit.mediumAfter': 28 }, context)).toMatchObject({
      facts: { mistakes: [{ problem: expect.stringMatching(/highAfter \(25\) for resident r-0001$/) }] },
    })
    change({ preset: 1 }, { 'bedExit.mediumAfter': 28 }, context)
  })

  test('goes through beside a contradiction that a change of level has brought together', () => {
    change({ resident: li }, { 'bedExit.highAfter': 25 }, context)
    change({ preset: 2 }, { 'bedExit.mediumAfter': 28 }, context)
    house.levels.set(li, 2)
    change({ resident: li }, { 'battery.lowAt': 25 }, context)
    expect(house.care.change({ resident: li }, { 'bedExit.highAfter': 26 }, context)).toMatchObject({
      refused: 'invalid-thresholds',
    })
  })

  test('that the disk refuses is not so', () => {
    change({ resident: li }, { 'battery.lowAt': 25 }, context)
    house.tamper(`CREATE TRIGGER full BEFORE INSERT ON threshold WHEN new.name = 'test.every'
      BEGIN SELECT raise(ABORT, 'disk full'); END`)
    const both = { 'battery.lowAt': 30, 'test.every': 14 }
    expect(() => house.care.change({ resident: li }, both, context)).toThrow(/disk full/)
    expect(house.care.thresholds(li)).toMatchObject({ 'battery.lowAt': 25, 'test.every': 7 })
    house.reopen()
    expect(house.care.thresholds(li)).toMatchObject({ 'battery.lowAt': 25, 'test.every': 7 })
  })

  test('that is accepted leaves every figure in its range and medium before high, whatever was asked', () => {
    house.levels.set(li, 1)
    const values = fc.dictionary(
      fc.constantFrom(...thresholdNames),
      fc.oneof(fc.integer({ min: -1, max: 1_500 }), fc.double(), fc.constant(null)),
      { maxKeys: 4 },
    )
    const scope = fc.constantFrom({ preset: 1 as const }, { resident: li })
    let accepted = 0
    fc.assert(
      fc.property(scope, values, (where, wanted) => {
        const before = house.care.explain(li)
        const changes = house.care.change(where, wanted, context)
        const figures = house.care.thresholds(li)
        if ('refused' in changes) expect(house.care.explain(li)).toEqual(before)
        else accepted += changes.length
        for (const name of thresholdNames) {
          expect(figures[name]).toBeGreaterThanOrEqual(thresholds[name].min)
          expect(figures[name]).toBeLessThanOrEqual(thresholds[name].max)
        }
        expect(figures['bedExit.mediumAfter']).toBeLessThanOrEqual(figures['bedExit.highAfter'])
        expect(figures['heartRate.lowMediumAt']).toBeLessThan(figures['heartRate.highMediumAt'])
      }),
    )
    expect(accepted).toBeGreaterThan(0)
  })
})

test('the file of a later version is refused rather than misread', () => {
  house.tamper('PRAGMA user_version = 99')
  expect(() => house.open()).toThrow(/later version/)
})
