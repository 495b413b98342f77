import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DeviceId } from '../../../gateway/model/ids.ts'
import { metricNames, type Readings } from '../../../gateway/model/measurement.ts'
import {
  dayFile,
  dayOf,
  openDayFile,
  sampleOf,
  startOf,
  upsert,
  valuesOf,
  writtenAfter,
} from '../../../gateway/telemetry/schema.ts'

const device = DeviceId.parse('pad-1')
const readings: fc.Arbitrary<Readings> = fc.dictionary(
  fc.oneof(fc.constantFrom(...metricNames), fc.constantFrom('own', 'constructor', 'x_1')),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(number => number + 0),
)

describe('a day', () => {
  it.each([
    // Where clocks are set forward or back: it is 24 hours all the same.
    ['2026-03-29T00:00:00.000Z', '2026-03-29'],
    ['2026-03-29T23:59:59.999Z', '2026-03-29'],
    ['2026-10-25T23:59:59.999Z', '2026-10-25'],
    ['2026-10-26T00:00:00.000Z', '2026-10-26'],
    ['2028-02-29T12:00:00.000Z', '2028-02-29'],
    ['2026-12-31T23:59:59.999Z', '2026-12-31'],
  ])('%s is in the file of %s', (at, day) => {
    expect(dayFile('/d', dayOf(Date.parse(at)))).toBe(`/d/${day}.db`)
    expect(startOf(dayOf(Date.parse(at)))).toBe(Date.parse(`${day}T00:00:00Z`))
  })
})

describe('a row', () => {
  it('is what was written, all parts of it, and the newest word of each', () => {
    const database = openDayFile(':memory:')
    const put = database.prepare(upsert)
    let at = 0
    fc.assert(
      fc.property(fc.array(readings, { minLength: 1, maxLength: 4 }), parts => {
        at += 1
        for (const part of parts) put.run(...valuesOf({ device, at, readings: part }, at))
        const [row] = database.prepare('SELECT * FROM samples WHERE at = ?').all(at).map(sampleOf)
        expect(row).toEqual({ device, at, readings: Object.assign({}, ...parts) })
      }),
    )
    database.close()
  })

  it('that is written again comes anew for whoever follows the numbers', () => {
    const database = openDayFile(':memory:')
    const put = database.prepare(upsert)
    for (const [seq, at] of [
      [1, 10],
      [2, 5],
      [3, 10],
    ] as const)
      put.run(...valuesOf({ device, at, readings: { inBed: 1 } }, seq))
    const read = (after: number) => database.prepare(writtenAfter).all(after, 10)
    expect(read(0).map(({ seq, at }) => [seq, at])).toEqual([
      [2, 5],
      [3, 10],
    ])
    expect(read(2).map(({ seq }) => seq)).toEqual([3])
    database.close()
  })
})
