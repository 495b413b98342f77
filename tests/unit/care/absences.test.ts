import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Absence } from '../../../gateway/model/care.ts'
import { HomeId } from '../../../gateway/model/ids.ts'
import { openHouse, wang } from './house.ts'

const home = HomeId.parse('h-0001')
const hourMs = 3_600_000
const dayMs = 24 * hourMs
const press = { id: 'press', name: 'press' }

let house: ReturnType<typeof openHouse>
beforeEach(() => {
  house = openHouse()
})
afterEach(() => house.remove())

const away = (forMs: number, reason: Absence['reason'] = 'hospital'): Absence => ({
  reason,
  from: house.clock.now(),
  until: house.clock.now() + forMs,
  by: wang,
})
const absenceNow = () => house.care.absence(home, house.clock.now())

describe('an absence', () => {
  test('lasts until its end and no longer', () => {
    const given = away(hourMs)
    expect(absenceNow()).toBeUndefined()
    expect(house.care.setAbsence(home, given)).toEqual(given)
    expect(absenceNow()).toEqual(given)
    expect(house.care.absence(home, given.from - 1)).toBeUndefined()
    house.clock.advance(hourMs - 1)
    expect(absenceNow()).toEqual(given)
    house.clock.advance(1)
    expect(absenceNow()).toBeUndefined()
  })

  test('survives a restart, as does its early end', () => {
    const given = away(dayMs)
    house.care.setAbsence(home, given)
    house.reopen()
    expect(absenceNow()).toEqual(given)
    expect(house.care.endAbsence(home, press)).toBe(true)
    house.reopen()
    expect(absenceNow()).toBeUndefined()
  })

  test('is ended once, by whoever comes first', () => {
    expect(house.care.endAbsence(home, press)).toBe(false)
    house.care.setAbsence(home, away(hourMs))
    expect(house.care.endAbsence(home, press)).toBe(true)
    expect(house.care.endAbsence(home, wang)).toBe(false)
    house.care.setAbsence(home, away(hourMs))
    house.clock.advance(hourMs)
    expect(house.care.endAbsence(home, wang)).toBe(false)
  })

  test('is replaced by a later word, and all words are kept: who, when, and what ended it', () => {
    const at = house.clock.now()
    const [first, second] = [away(hourMs, 'out'), away(dayMs, 'visiting')]
    house.care.setAbsence(home, first)
    house.care.setAbsence(home, second)
    house.clock.advance(hourMs)
    house.care.endAbsence(home, press)
    house.reopen()
    expect(house.care.absenceHistory(home, 10)).toEqual([
      { absence: null, by: press, at: at + hourMs },
      { absence: second, by: wang, at },
      { absence: first, by: wang, at },
    ])
    expect(house.care.absenceHistory(home, 1)).toHaveLength(1)
    expect(house.care.absenceHistory(HomeId.parse('h-0002'), 10)).toEqual([])
  })

  test('ends in the future and within 90 days, or is refused', () => {
    expect(house.care.setAbsence(home, away(0))).toEqual({ refused: 'invalid-absence' })
    expect(house.care.setAbsence(home, away(-dayMs))).toEqual({ refused: 'invalid-absence' })
    expect(house.care.setAbsence(home, away(90 * dayMs + 1))).toEqual({ refused: 'invalid-absence' })
    const late = { ...away(dayMs), from: house.clock.now() + dayMs }
    expect(house.care.setAbsence(home, late)).toEqual({ refused: 'invalid-absence' })
    expect(house.care.absenceHistory(home, 10)).toEqual([])
    expect(house.care.setAbsence(home, away(90 * dayMs))).not.toHaveProperty('refused')
  })

  test('that the disk refuses is not so', () => {
    house.tamper(`CREATE TRIGGER full BEFORE INSERT ON absence
      BEGIN SELECT raise(ABORT, 'disk full'); END`)
    expect(() => house.care.setAbsence(home, away(hourMs))).toThrow(/disk full/)
    expect(absenceNow()).toBeUndefined()
  })
})
