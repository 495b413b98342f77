import { describe, expect, test } from 'vitest'
import { deviceWatch, homeWatch, roomOf } from '../../../gateway/detect/watch.ts'
import { deviceModelOf } from '../../../gateway/model/device-models.ts'
import { contextOf, defaults, fact, play, readings, time } from './play.ts'

const minuteMs = 60_000
const slow = (at: string | number) => readings(at, { heartRate: 38 })
const connected = (at: string) => fact(at, { what: 'connected' })

/** A heart that is too slow for so many seconds, told each 5 s. */
const slowFor = (played: ReturnType<typeof play>, from: string, seconds: number): void => {
  for (let second = 0; second <= seconds; second += 5) played.see(slow(time(from) + second * 1_000))
}

describe('the order of facts', () => {
  test('is that of their times: a late sample takes its place', () => {
    const played = play(deviceWatch)
    for (const second of [0, 5, 10, 15, 60]) played.see(slow(time('01:00:00') + second * 1_000))
    expect(played.lines()).toEqual([])
    for (const second of [30, 45, 20]) played.see(slow(time('01:00:00') + second * 1_000), time('01:01:00'))
    expect(played.lines()).toEqual(['01:01:00 heart-rate-low risen high'])
  })

  test('lets a late sample take back what was found too early, as an end', () => {
    const played = play(deviceWatch)
    slowFor(played, '01:00:00', 60)
    played.see(readings(time('01:00:30') + 1, { heartRate: 70 }), time('01:01:01'))
    expect(played.lines()).toEqual([
      '01:01:00 heart-rate-low risen high',
      '01:01:01 heart-rate-low ended high',
    ])
  })

  test('has no place for what is more than 10 min late', () => {
    const played = play(deviceWatch)
    played.see(connected('01:00:00'))
    const before = played.state()
    played.see(fact(time('00:49:59'), { what: 'status', status: { tamper: true } }), time('01:00:00'))
    expect(played.state()).toBe(before)
    played.see(fact(time('00:50:00'), { what: 'status', status: { tamper: true } }), time('01:00:00'))
    expect(played.lines()).toEqual(['01:00:00 tamper risen medium'])
  })

  test('does not ring for a backlog, though nothing newer is known of the device', () => {
    const played = play(deviceWatch)
    for (let second = 0; second < 600; second += 5)
      played.see(slow(time('01:00:00') + second * 1_000), time('04:00:00'))
    expect(played.lines()).toEqual([])
  })

  test('takes a fact from beyond now for one of now', () => {
    const played = play(deviceWatch)
    played.see(slow('20:00:00'), time('01:00:00'))
    slowFor(played, '01:00:05', 60)
    expect(played.lines()).toEqual(['01:01:00 heart-rate-low risen high'])
  })

  test('keeps a bounded number of facts, however many come', () => {
    const played = play(deviceWatch)
    for (let tenth = 0; tenth < 5_000; tenth++)
      played.see(readings(time('01:00:00') + tenth * 100, { movement: 1 }))
    for (let one = 0; one < 500; one++)
      played.see(readings(time('01:08:15') + one, { movement: 2 }), time('01:08:20'))
    const { older, newer } = played.state().timeline
    expect(older.facts.count + newer.facts.count).toBeLessThanOrEqual(192)
  })
})

describe('a change of thresholds', () => {
  test('is judged at the next tick', () => {
    const played = play(deviceWatch)
    played.see(readings('02:00:00', { inBed: 0 }))
    played.see(connected('02:00:00'))
    played.tick('02:10:00')
    played.change({ thresholds: defaults({ 'bedExit.mediumAfter': 5 }) })
    played.tick('02:10:01')
    expect(played.lines()).toEqual(['02:10:01 bed-exit risen medium'])
  })

  test('that switches a rule off ends what it has raised, once', () => {
    const played = play(deviceWatch)
    slowFor(played, '01:00:00', 65)
    played.change({ thresholds: defaults({ 'heartRate.on': 0 }) })
    played.tick('01:01:10')
    slowFor(played, '01:01:15', 120)
    expect(played.lines()).toEqual([
      '01:01:00 heart-rate-low risen high',
      '01:01:10 heart-rate-low ended high',
    ])
    expect(played.conditions()).toEqual([])
  })
})

describe('the clock', () => {
  test('may be set back: what goes on goes on, and is found at its new times', () => {
    const played = play(deviceWatch)
    played.see(connected('02:30:00'))
    played.see(readings('02:30:00', { inBed: 0 }))
    played.see(readings('02:40:00', { inBed: 0 }))
    played.see(readings('01:40:00', { inBed: 0 }))
    for (let minute = 41; minute < 60; minute++) played.tick(`01:${minute}:00`)
    expect(played.lines()).toEqual(['01:50:00 bed-exit risen medium'])
    const [finding] = played.found
    expect(finding?.since).toBe(time('01:30:00'))
    expect(finding?.evidence[0]?.at).toBe(time('01:30:00'))
    expect(played.conditions()).toEqual([{ rule: 'bed-exit', level: 'medium', since: time('01:30:00') }])
  })

  test('may be set back between ticks, and again', () => {
    const played = play(deviceWatch)
    played.see(fact('10:00:00', { what: 'alive' }))
    played.tick('09:00:00')
    played.tick('08:00:00')
    played.tick('08:02:59')
    expect(played.lines()).toEqual([])
    played.tick('08:03:00')
    expect(played.lines()).toEqual(['08:03:00 device-silent risen medium'])
  })

  test('may be set forward: who was not listened to has missed nothing', () => {
    const played = play(deviceWatch)
    played.see(fact('10:00:00', { what: 'alive' }))
    played.change({ listeningSince: time('15:00:00') })
    played.tick('15:00:00')
    played.tick('15:02:59')
    expect(played.lines()).toEqual([])
    played.tick('15:03:00')
    expect(played.lines()).toEqual(['15:03:00 device-silent risen medium'])
  })
})

describe('a restart', () => {
  test('lets an exit from bed wait on', () => {
    const played = play(deviceWatch)
    played.see(connected('02:00:00'))
    played.see(readings('02:10:00', { inBed: 0 }))
    played.restart()
    played.change({ listeningSince: time('02:35:00') })
    played.tick('02:35:00')
    played.tick('02:40:00')
    expect(played.lines()).toEqual(['02:35:00 bed-exit risen medium', '02:40:00 bed-exit risen high'])
  })

  test('does not count the time in which nobody listened as inactivity', () => {
    const played = play(homeWatch)
    played.see(readings('06:00:00', { motion: 1 }))
    for (let at = time('06:00:00'); at <= time('09:00:00'); at += minuteMs) played.tick(at)
    played.restart()
    played.change({ listeningSince: time('12:00:00') })
    for (let at = time('12:00:00'); at <= time('18:00:00'); at += minuteMs) played.tick(at)
    expect(played.lines()).toEqual(['17:00:00 inactivity risen medium'])
  })

  test('begins anew with a text that is no state', () => {
    for (const text of ['', '{', 'null', '[]', '{"version":2}', '{"version":1,"older":3}'])
      expect(deviceWatch.restore(text)).toBeUndefined()
  })

  test('of another version lets a rule begin anew whose memory has another shape, and no other', () => {
    const played = play(deviceWatch)
    played.see(readings('02:10:00', { inBed: 0, batteryPercent: 10 }))
    const text = deviceWatch.save(played.state()).replaceAll('"times":1,', '"times":"once",')
    const restored = deviceWatch.restore(text)
    const rested = deviceWatch.tick(restored ?? deviceWatch.begin, time('02:30:00'), contextOf())
    expect(rested.findings.map(one => one.rule)).toEqual(['bed-exit', 'device-silent'])
  })
})

describe('a tick', () => {
  test('gives the same state when nothing is due', () => {
    const played = play(deviceWatch)
    played.tick('01:00:00')
    expect(played.state()).toBe(deviceWatch.begin)
    played.see(readings('02:00:00', { inBed: 1, heartRate: 60 }))
    const before = played.state()
    for (let at = time('02:00:01'); at < time('02:03:00'); at += 1_000) played.tick(at)
    expect(played.state()).toBe(before)
  })
})

describe('evidence', () => {
  test('is the first samples and the latest', () => {
    const played = play(deviceWatch)
    for (let second = 0; second <= 300; second++)
      played.see(readings(time('01:00:00') + second * 1_000, { heartRate: 45, quality: 80, temperature: 30 }))
    const [finding] = played.found
    const seconds = finding?.evidence.map(one => (one.at - time('01:00:00')) / 1_000)
    expect(seconds).toEqual([
      ...[0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
      ...[291, 292, 293, 294, 295, 296, 297, 298, 299, 300],
    ])
    expect(finding?.evidence[0]).toMatchObject({
      what: 'heartRate',
      readings: { heartRate: 45, quality: 80 },
    })
  })
})

describe('what holds', () => {
  test('names an untested button, which is no alarm', () => {
    const sensor = () => ({ model: deviceModelOf('native/call-button'), room: 'other' as const })
    const played = play(deviceWatch, contextOf({ sensor }))
    played.see(connected('10:00:00'))
    played.tick('7 09:59:59')
    expect(played.conditions()).toEqual([])
    played.tick('7 10:00:00')
    expect(played.conditions()).toEqual([{ rule: 'weekly-test', level: 'low', since: time('10:00:00') }])
    played.see(fact('7 11:00:00', { what: 'trigger', trigger: 'test' }))
    expect(played.conditions()).toEqual([])
    expect(played.found).toEqual([])
  })

  test('rings once for a level, though it falls back and rises again', () => {
    const played = play(deviceWatch)
    played.see(connected('01:00:00'))
    const heart = (from: string, seconds: number, value: number) => {
      for (let second = 0; second < seconds; second += 5)
        played.see(readings(time(from) + second * 1_000, { heartRate: value }))
    }
    heart('01:00:00', 310, 39)
    heart('01:05:10', 60, 48)
    expect(played.conditions()).toMatchObject([{ rule: 'heart-rate-low', level: 'medium' }])
    heart('01:06:10', 120, 39)
    expect(played.conditions()).toMatchObject([{ rule: 'heart-rate-low', level: 'high' }])
    expect(played.lines()).toEqual(['01:01:00 heart-rate-low risen high'])
  })
})

describe('the prompt in the bathroom', () => {
  test('waits for an answer for as long as the rule waits for its next level', () => {
    const sensor = () => ({ model: deviceModelOf('native/motion'), room: 'bathroom' as const })
    const played = play(homeWatch, contextOf({ sensor, thresholds: defaults({ 'bathroom.highAfter': 7 }) }))
    played.see(readings('10:00:00', { presence: 1 }))
    played.tick('10:30:00')
    played.tick('10:37:00')
    expect(played.found.map(one => [one.level, one.verificationMs])).toEqual([
      ['medium', 7 * minuteMs],
      ['high', undefined],
    ])
  })
})

describe('a room', () => {
  test.each([
    ['卫生间', 'bathroom'],
    ['主卧卫生间', 'bathroom'],
    ['洗手间', 'bathroom'],
    ['厕所', 'bathroom'],
    ['浴室', 'bathroom'],
    ['卫浴', 'bathroom'],
    ['Bathroom 2', 'bathroom'],
    ['guest toilet', 'bathroom'],
    ['WC', 'bathroom'],
    ['主卧', 'bedroom'],
    ['次卧', 'bedroom'],
    ['Bedroom', 'bedroom'],
    ['客厅', 'other'],
    ['', 'other'],
    [undefined, 'other'],
  ])('named %s is taken for: %s', (text, room) => {
    expect(roomOf(text)).toBe(room)
  })
})
