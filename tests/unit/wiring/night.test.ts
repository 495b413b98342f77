/** The main job of home sensors, told from the message of a bed pad to the offer at a service point. */
import { describe, expect, test } from 'vitest'
import { type CoreOptions, startCore } from '../../support/core-on-virtual-time.ts'
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock.ts'

const seconds = 1_000
const minutes = 60 * seconds
/** 02:00 in Shanghai. */
const twoAtNight = Date.UTC(2026, 10, 21, 18)

const home = { area: 'tiedong', position: { lat: 41.12, lon: 122.98, datum: 'WGS84' } }
const document = {
  areas: [
    { id: 'anshan', name: '鞍山市', level: 'city' },
    { id: 'tiedong', name: '铁东区', level: 'county', parent: 'anshan' },
  ],
  servicePoints: [
    {
      id: 'sp-1',
      name: '铁东站',
      area: 'tiedong',
      position: { lat: 41.12, lon: 122.99, datum: 'WGS84' },
      secret: 'terminal secret',
    },
  ],
  homes: [
    { id: 'h-1', address: '一号', ...home },
    { id: 'h-2', address: '二号', ...home },
  ],
  residents: [
    { id: 'r-1', home: 'h-1', name: '王奶奶', cognition: false, contacts: [] },
    { id: 'r-2', home: 'h-2', name: '李爷爷', cognition: true, contacts: [] },
  ],
  devices: [
    { id: 'pad-1', model: 'native/bed-pad', home: 'h-1', room: 'bedroom', secret: 'pad secret' },
    { id: 'btn-1', model: 'native/call-button', home: 'h-1', room: 'bedroom', secret: 'button secret' },
    { id: 'pad-2', model: 'native/bed-pad', home: 'h-2', room: 'bedroom', secret: 'pad secret 2' },
    { id: 'btn-2', model: 'native/call-button', home: 'h-2', room: 'bedroom', secret: 'button secret 2' },
  ],
}

type House = Awaited<ReturnType<typeof startCore>>

/** The pad speaks every ten seconds. */
const lie = async (house: House, clock: VirtualClock, forMs: number, pad = 'pad-1'): Promise<void> => {
  for (let passed = 0; passed < forMs; passed += 10 * seconds) {
    await house.say(`${pad}/measure`, { inBed: true, heartRate: 58, respirationRate: 14, quality: 90 })
    await clock.pass(10 * seconds)
  }
}
const beAway = async (house: House, clock: VirtualClock, forMs: number, pad = 'pad-1'): Promise<void> => {
  for (let passed = 0; passed < forMs; passed += 10 * seconds) {
    await house.say(`${pad}/measure`, { inBed: false, movement: 0 })
    await clock.pass(10 * seconds)
  }
}

const begin = async (more: Partial<CoreOptions> = {}) => {
  const clock = createVirtualClock(twoAtNight)
  return { clock, house: await startCore({ clock, document, ...more }) }
}

const clockTime = (at: number): string => new Date(at + 8 * 60 * minutes).toISOString().slice(11, 16)

describe('somebody leaves the bed at 02:10 and does not return', () => {
  test('at 02:30 the resident is asked, at 02:31 the nearest point has the alarm, at 02:40 it is loud', async () => {
    const { clock, house } = await begin()
    await lie(house, clock, 10 * minutes)
    await beAway(house, clock, 32 * minutes)

    const prompt = house.published.find(({ message }) => message['stage'] === 'verify')
    expect(prompt).toMatchObject({ topic: 'anling/v1/btn-1/feedback', message: { kind: 'no-return-to-bed' } })
    expect(clockTime(prompt?.at ?? 0)).toBe('02:30')

    const [first, ...later] = house.offers()
    expect(clockTime(first?.at ?? 0)).toBe('02:31')
    expect(first).toMatchObject({
      topic: 'anling/v1/points/sp-1/offer',
      message: {
        kind: 'no-return-to-bed',
        priority: 'medium',
        home: { id: 'h-1' },
        found: { rule: 'bed-exit', since: '2026-11-21T18:10:00.000Z' },
      },
    })
    const loud = later.find(({ message }) => message['priority'] === 'high')
    expect(clockTime(loud?.at ?? 0)).toBe('02:40')
    expect(await house.alarms()).toHaveLength(1)
  })

  test('the offer holds the samples that made it', async () => {
    const { clock, house } = await begin()
    await lie(house, clock, minutes)
    await beAway(house, clock, 22 * minutes)
    const { found } = house.offers()[0]?.message ?? {}
    expect(found).toMatchObject({
      evidence: expect.arrayContaining([expect.objectContaining({ device: 'pad-1' })]),
    })
  })

  test('a restart in between forgets nothing', async () => {
    const { clock, house } = await begin()
    await lie(house, clock, 10 * minutes)
    await beAway(house, clock, 15 * minutes)
    await house.stop()
    const restarted = await startCore({ clock, document, journal: house.journal, states: house.states })
    await clock.pass(6 * minutes)
    const [alarm] = await restarted.alarms()
    expect(alarm).toMatchObject({ kind: 'no-return-to-bed', found: { since: twoAtNight + 10 * minutes } })
    expect(clockTime(alarm?.receivedAt ?? 0)).toBe('02:30')
  })

  test('a restart afterwards rings no second time', async () => {
    const { clock, house } = await begin()
    await beAway(house, clock, 25 * minutes)
    await house.stop()
    const restarted = await startCore({ clock, document, journal: house.journal, states: house.states })
    await beAway(restarted, clock, 3 * minutes)
    const alarms = await restarted.alarms()
    expect(alarms.map(({ repeats }) => repeats)).toEqual([0])
  })

  test('a finding that the journal could not take is reported until it is taken', async () => {
    const { clock, house } = await begin()
    await beAway(house, clock, 19 * minutes)
    house.journal.setHealth({ writable: false, detail: 'disk full' })
    await beAway(house, clock, 3 * minutes)
    expect(await house.alarms()).toEqual([])
    house.journal.setHealth({ writable: true })
    await clock.pass(2 * seconds)
    expect((await house.alarms()).map(({ kind }) => kind)).toEqual(['no-return-to-bed'])
  })
})

describe('a finding that ends before the journal could take it', () => {
  test('is not told afterwards: nobody would ever end it', async () => {
    const { clock, house } = await begin()
    await lie(house, clock, minutes)
    await beAway(house, clock, 19 * minutes)
    house.journal.setHealth({ writable: false, detail: 'disk full' })
    await beAway(house, clock, 2 * minutes)
    await lie(house, clock, minutes)
    house.journal.setHealth({ writable: true })
    await lie(house, clock, minutes)
    expect(await house.alarms()).toEqual([])
  })
})

describe('the resident answers', () => {
  test('"I am fine", where the file allows it: nobody is called', async () => {
    const { clock, house } = await begin()
    await beAway(house, clock, 20 * minutes + 10 * seconds)
    await house.say('btn-1/event', { id: '1', type: 'cancel' })
    await beAway(house, clock, 5 * minutes)
    expect((await house.alarms()).map(({ state, cause }) => `${state} ${cause}`)).toEqual([
      'resolved accidental',
    ])
    expect(house.offers()).toEqual([])
  })

  test('"I am fine" with impaired cognition: somebody is called all the same', async () => {
    const { clock, house } = await begin()
    await beAway(house, clock, 20 * minutes + 10 * seconds, 'pad-2')
    await house.say('btn-2/event', { id: '1', type: 'cancel' })
    await clock.pass(minutes)
    expect(house.offers()[0]?.message).toMatchObject({ kind: 'no-return-to-bed', home: { id: 'h-2' } })
  })

  test('by going back to bed: the suspicion ends by itself', async () => {
    const { clock, house } = await begin()
    await lie(house, clock, minutes)
    await beAway(house, clock, 20 * minutes + 10 * seconds)
    await lie(house, clock, 2 * minutes)
    expect((await house.alarms()).map(({ state, cause }) => `${state} ${cause}`)).toEqual([
      'resolved nuisance',
    ])
    expect(house.offers()).toEqual([])
  })

  test('by pressing: that is a call of its own, at once', async () => {
    const { clock, house } = await begin()
    await beAway(house, clock, 20 * minutes + 10 * seconds)
    await house.say('btn-1/event', { id: '1', type: 'sos' })
    expect(house.offers().map(({ message }) => message['kind'])).toEqual(['sos'])
    await clock.pass(minutes)
    expect(house.offers().map(({ message }) => message['kind'])).toContain('no-return-to-bed')
  })
})

describe('a night that a cut-off pad tells afterwards', () => {
  test('is stored and rings nobody', async () => {
    const { clock, house } = await begin()
    const night = Array.from({ length: 400 }, (_, index) => ({
      at: new Date(twoAtNight - 8 * 60 * minutes + index * minutes).toISOString(),
      inBed: index < 100,
      heartRate: 30,
    }))
    for (let again = 0; again < 2; again += 1) await house.say('pad-1/measure', night)
    await clock.pass(minutes)
    expect(await house.alarms()).toEqual([])
  })
})

describe('an absence', () => {
  test('ends with a real press', async () => {
    const { clock, house } = await begin()
    const by = { id: 'li', name: '李' }
    const until = twoAtNight + 60 * 60 * minutes
    const homeId = house.registry.get('homes', 'h-1')?.id
    if (!homeId) throw new Error('no home')
    house.care.setAbsence(homeId, { reason: 'hospital', from: twoAtNight, until, by })
    await house.say('btn-1/event', { id: '1', type: 'sos' })
    expect(house.care.absence(homeId, clock.now())).toBeUndefined()
  })
})
