/** A home in which devices are tried out, told from the press of a button to who is asked. */
import { describe, expect, test } from 'vitest'
import { DeviceId, HomeId, UserId } from '../../../gateway/model/ids.ts'
import { type CoreOptions, startCore } from '../../support/core-on-virtual-time.ts'
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock.ts'

const minuteMs = 60_000
const start = Date.UTC(2026, 10, 21, 2)
const home = HomeId.parse('h-1')
const zhao = { id: UserId.parse('zhao'), name: '赵' }
const position = { lat: 41.12, lon: 122.98, datum: 'WGS84' }
const document = {
  areas: [
    { id: 'anshan', name: '鞍山市', level: 'city' },
    { id: 'tiedong', name: '铁东区', level: 'county', parent: 'anshan' },
  ],
  servicePoints: [{ id: 'sp-1', name: '铁东站', area: 'tiedong', position, secret: 'terminal secret' }],
  homes: ['h-1', 'h-2'].map(id => ({ id, address: '胜利路', area: 'tiedong', position })),
  residents: [{ id: 'r-1', home: 'h-1', name: '王奶奶' }],
  devices: [
    { id: 'btn-1', model: 'native/call-button', home: 'h-1', secret: 'button secret' },
    { id: 'btn-2', model: 'native/call-button', home: 'h-2', secret: 'button secret' },
    { id: 'fall-1', model: 'native/fall-detector', home: 'h-1', secret: 'detector secret' },
    { id: 'smoke-1', model: 'native/smoke', home: 'h-1', secret: 'smoke secret' },
  ],
}

const begin = async (more: Partial<CoreOptions> & { clock?: VirtualClock } = {}) => {
  const { clock = createVirtualClock(start), ...rest } = more
  const house = await startCore({ clock, document, ...rest })
  let presses = 0
  /** Whether it was acknowledged. */
  const send = async (event: object, device = 'btn-1'): Promise<boolean> => {
    presses += 1
    const taken = await house.say(`${device}/event`, { id: `e-${presses}`, type: 'sos', ...event })
    await clock.pass(0)
    return taken
  }
  return {
    ...house,
    clock,
    send,
    kinds: async () => (await house.alarms()).map(({ kind }) => kind).toReversed(),
    feedback: (device = 'btn-1') =>
      house.published
        .filter(({ topic }) => topic === `anling/v1/${device}/feedback`)
        .map(({ message }) => `${String(message['event'])} ${String(message['stage'])}`),
    timeline: async (kind: string) => {
      const alarm = (await house.alarms()).find(one => one.kind === kind)
      return alarm ? house.journal.timeline(alarm.id) : []
    },
  }
}

describe('a press in test mode', () => {
  test('is a test alarm that nobody is asked about, and the device hears that it came in', async () => {
    const house = await begin()
    house.testModes.set(home, 10, zhao)
    expect(await house.send({ data: { battery: 90 } })).toBe(true)
    expect(house.feedback()).toEqual(['e-1 accepted'])
    const [alarm, ...others] = await house.alarms()
    expect(others).toEqual([])
    expect(alarm).toMatchObject({
      kind: 'test',
      state: 'offered',
      asked: [{ kind: 'county' }],
      deadline: { kind: 'test-end' },
    })
    const [raised] = await house.timeline('test')
    expect(raised?.event).toMatchObject({
      type: 'raised',
      occurrence: { eventId: 'e-1', data: { battery: 90, trigger: 'sos' } },
    })
    await house.clock.pass(60 * minuteMs)
    expect(house.offers()).toEqual([])
    expect(await house.alarms()).toMatchObject([{ cause: 'test' }])
  })

  test('is known end to end, each trigger of each device, once it is on disk', async () => {
    const house = await begin()
    house.testModes.set(home, 10, zhao)
    const devices = ['btn-1', 'fall-1', 'smoke-1'].map(id => DeviceId.parse(id))
    const untested = () => devices.flatMap(house.lives.untested)
    expect(untested()).toEqual(['sos', 'fall', 'smoke'])
    await house.send({})
    await house.send({ type: 'fall' }, 'fall-1')
    expect(untested()).toEqual(['smoke'])
    await house.send({ type: 'smoke' }, 'smoke-1')
    expect(untested()).toEqual([])
    const [button = DeviceId.parse('btn-1')] = devices
    const [tested] = house.lives.of(button)?.tests ?? []
    const alarms = await house.alarms()
    expect(tested).toMatchObject({ trigger: 'sos', at: start })
    expect(alarms.map(({ id }) => id)).toContain(tested?.alarm)
    expect(house.core.presence.of(button)).toMatchObject({ lastTestedAt: start })
    expect(house.offers()).toEqual([])
  })

  test('says nothing of the resident: nobody has come home, pressed, or lies on the floor', async () => {
    const house = await begin()
    house.care.setAbsence(home, {
      reason: 'hospital',
      from: start,
      until: start + 600 * minuteMs,
      by: { id: 'li', name: '李' },
    })
    house.testModes.set(home, 10, zhao)
    await house.send({})
    await house.send({ type: 'fall' }, 'fall-1')
    await house.clock.pass(40 * minuteMs)
    expect(await house.kinds()).toEqual(['test', 'test'])
    expect(house.care.absence(home, house.clock.now())).toBeDefined()
    expect(house.core.presence.of(DeviceId.parse('btn-1'))).not.toHaveProperty('lastPressedAt')
  })

  test('is one that detection knows of: the button is watched from then on', async () => {
    const house = await begin()
    house.testModes.set(home, 10, zhao)
    await house.send({ type: 'smoke' }, 'smoke-1')
    await house.send({ type: 'cleared', data: { of: 'smoke' } }, 'smoke-1')
    await house.send({})
    await house.clock.pass(125 * minuteMs)
    expect(await house.kinds()).toEqual(['test', 'test', 'device-silent'])
  })

  test('that is sent again is the same test, however often', async () => {
    const house = await begin()
    house.testModes.set(home, 10, zhao)
    for (let again = 0; again < 5; again += 1) expect(await house.send({ id: 'same' })).toBe(true)
    expect(await house.alarms()).toMatchObject([{ kind: 'test', repeats: 0 }])
    expect(house.lives.of(DeviceId.parse('btn-1'))?.tests).toHaveLength(1)
  })

  test('by which a device says itself that it is a test is as ever', async () => {
    const house = await begin()
    await house.send({ type: 'test' })
    house.testModes.set(home, 10, zhao)
    await house.send({ type: 'test' })
    expect(await house.alarms()).toMatchObject([{ kind: 'test', repeats: 1 }])
    expect(house.lives.of(DeviceId.parse('btn-1'))?.tests).toEqual([])
  })
})

describe('what is meant in test mode', () => {
  test('rings as what it is: the third press within 10 s, and every press after it', async () => {
    const house = await begin()
    house.testModes.set(home, 10, zhao)
    for (let press = 0; press < 3; press += 1) {
      await house.send({})
      await house.clock.pass(3_000)
    }
    expect(await house.kinds()).toEqual(['test', 'sos'])
    expect(house.offers()).toMatchObject([{ topic: 'anling/v1/points/sp-1/offer', message: { kind: 'sos' } }])
    expect(house.testModes.of(home, house.clock.now())).toBeUndefined()
    await house.send({})
    expect(await house.timeline('sos')).toContainEqual(
      expect.objectContaining({ event: expect.objectContaining({ type: 'repeated' }) }),
    )
  })

  test('rings as what it is: a long press, at once', async () => {
    const house = await begin()
    house.testModes.set(home, 10, zhao)
    await house.send({ data: { press: 'long' } })
    expect(await house.kinds()).toEqual(['sos'])
    expect(house.offers()).toHaveLength(1)
  })

  test('rings where a call from before the test mode is still open: it is the same need', async () => {
    const house = await begin()
    await house.send({})
    house.testModes.set(home, 10, zhao)
    await house.send({})
    expect(await house.alarms()).toMatchObject([{ kind: 'sos', repeats: 1 }])
  })

  test('rings in the home next door', async () => {
    const house = await begin()
    house.testModes.set(home, 10, zhao)
    await house.send({}, 'btn-2')
    expect(await house.kinds()).toEqual(['sos'])
  })

  test('rings from a device that nobody has registered', async () => {
    const house = await begin()
    house.testModes.set(home, 10, zhao)
    await house.core.hearing.take({
      device: DeviceId.parse('unknown-1'),
      receivedAt: house.clock.now(),
      observation: { kind: 'trigger', trigger: 'sos', eventId: '1' },
      home,
    })
    expect(await house.kinds()).toEqual(['sos'])
  })

  test('rings once the test mode is over, also after a restart', async () => {
    const clock = createVirtualClock(start)
    const before = await begin({ clock })
    before.testModes.set(home, 10, zhao)
    await before.send({ id: 'a' })
    await clock.pass(4 * minuteMs)
    await before.stop()
    const { journal, database } = before
    const after = await begin({ clock, journal, database })
    await after.send({ id: 'b' })
    expect(await after.alarms()).toMatchObject([{ kind: 'test', repeats: 1 }])
    await clock.pass(6 * minuteMs)
    await after.send({ id: 'c' })
    expect(await after.kinds()).toEqual(['test', 'sos'])
    expect(after.offers()).toHaveLength(1)
  })
})

describe('smoke that came up in test mode', () => {
  const trip = (house: Awaited<ReturnType<typeof begin>>, id = 'trip') =>
    house.send({ id, type: 'smoke' }, 'smoke-1')
  const clear = (house: Awaited<ReturnType<typeof begin>>, id = 'clear') =>
    house.send({ id, type: 'cleared', data: { of: 'smoke' } }, 'smoke-1')

  test('rings when the time is up and it still stands, once, and everybody hears why', async () => {
    const house = await begin()
    house.testModes.set(home, 10, zhao)
    await trip(house)
    await house.clock.pass(10 * minuteMs - 1)
    expect(await house.kinds()).toEqual(['test'])
    await house.clock.pass(1)
    expect(await house.kinds()).toEqual(['test', 'smoke'])
    expect(house.offers()).toMatchObject([
      { topic: 'anling/v1/points/sp-1/offer', message: { kind: 'smoke' } },
    ])
    const [raised] = await house.timeline('smoke')
    expect(raised).toMatchObject({
      actor: { kind: 'device', id: 'smoke-1' },
      event: {
        occurrence: {
          receivedAt: start + 10 * minuteMs,
          data: { since: new Date(start).toISOString(), why: expect.stringContaining('测试模式') },
        },
      },
    })
    house.testModes.set(home, 1, zhao)
    await house.clock.pass(2 * minuteMs)
    expect((await house.alarms()).filter(({ kind }) => kind === 'smoke')).toMatchObject([{ repeats: 0 }])
  })

  test('rings when the technician ends the test mode, or somebody who means a call does', async () => {
    const byHand = await begin()
    byHand.testModes.set(home, 10, zhao)
    await trip(byHand)
    byHand.testModes.end(home)
    await byHand.clock.pass(0)
    // Both within the same millisecond: in either order.
    expect((await byHand.kinds()).toSorted()).toEqual(['smoke', 'test'])

    const byCall = await begin()
    byCall.testModes.set(home, 10, zhao)
    await trip(byCall)
    await byCall.send({ data: { press: 'long' } })
    expect((await byCall.kinds()).toSorted()).toEqual(['smoke', 'sos', 'test'])
  })

  test('does not ring when its device has taken it back, also when it was tripped and cleared several times', async () => {
    const house = await begin()
    house.testModes.set(home, 10, zhao)
    for (const round of [1, 2, 3]) {
      await trip(house, `trip-${round}`)
      await house.clock.pass(20_000)
      await clear(house, `clear-${round}`)
    }
    // Told again, as after a lost acknowledgement, it begins nothing anew.
    await trip(house, 'trip-3')
    await house.clock.pass(60 * minuteMs)
    expect(await house.kinds()).toEqual(['test'])
    expect(house.offers()).toEqual([])
  })

  test('stands when it came up again after it was taken back, though that word is told once more', async () => {
    const house = await begin()
    house.testModes.set(home, 10, zhao)
    await trip(house, 'trip-1')
    await clear(house, 'clear-1')
    await house.clock.pass(20_000)
    await trip(house, 'trip-2')
    await clear(house, 'clear-1')
    await house.clock.pass(10 * minuteMs)
    expect(await house.kinds()).toEqual(['test', 'smoke'])
  })

  test('stays one alarm when it is meant: the third within ten seconds rings by itself', async () => {
    const house = await begin()
    house.testModes.set(home, 10, zhao)
    for (const round of [1, 2, 3]) await trip(house, `trip-${round}`)
    await house.clock.pass(20 * minuteMs)
    expect((await house.alarms()).filter(({ kind }) => kind === 'smoke')).toMatchObject([{ repeats: 0 }])
  })

  test('waits for the end of a test mode that goes on, and a press or a fall is never taken for standing', async () => {
    const house = await begin()
    house.testModes.set(home, 10, zhao)
    await trip(house)
    await house.send({})
    await house.send({ type: 'fall' }, 'fall-1')
    await house.clock.pass(9 * minuteMs)
    house.testModes.set(home, 10, zhao)
    await house.clock.pass(9 * minuteMs)
    expect(await house.kinds()).toEqual(['test', 'test', 'test'])
    await house.clock.pass(minuteMs)
    expect((await house.kinds()).toSorted()).toEqual(['smoke', 'test', 'test', 'test'])
  })

  test('rings after a restart, also where the test mode ended while nobody listened', async () => {
    const clock = createVirtualClock(start)
    const before = await begin({ clock })
    before.testModes.set(home, 10, zhao)
    await trip(before)
    await before.stop()
    await clock.pass(30 * minuteMs)
    const { journal, database } = before
    const after = await begin({ clock, journal, database })
    await clock.pass(0)
    expect((await after.alarms()).filter(({ kind }) => kind === 'smoke')).toHaveLength(1)
    expect(after.offers()).toHaveLength(1)
  })

  test('rings as soon as the journal can write again', async () => {
    const house = await begin()
    house.testModes.set(home, 1, zhao)
    await trip(house)
    house.journal.setHealth({ writable: false, detail: 'disk full' })
    await house.clock.pass(2 * minuteMs)
    expect(await house.kinds()).toEqual(['test'])
    house.journal.setHealth({ writable: true })
    await house.clock.pass(10_000)
    expect(await house.kinds()).toEqual(['test', 'smoke'])
  })

  test('rings as soon as the journal can write again, though it was meant and its device says so no more', async () => {
    const house = await begin()
    house.testModes.set(home, 10, zhao)
    await trip(house, 'trip-1')
    await trip(house, 'trip-2')
    house.journal.setHealth({ writable: false, detail: 'disk full' })
    expect(await trip(house, 'trip-3')).toBe(false)
    house.journal.setHealth({ writable: true })
    await house.clock.pass(10_000)
    expect(await house.kinds()).toEqual(['test', 'smoke'])
  })

  test('does not ring for a detector that was taken out of the home meanwhile', async () => {
    const house = await begin()
    house.testModes.set(home, 10, zhao)
    await trip(house)
    await house.registry.importDocument({
      devices: [{ id: 'smoke-1', model: 'native/smoke', home: 'h-2' }],
    })
    await house.clock.pass(10 * minuteMs)
    expect(await house.kinds()).toEqual(['test'])
  })
})

describe('while the journal cannot write', () => {
  const broken = { writable: false, detail: 'disk full' }
  const works = { writable: true }

  test('a test is not acknowledged, proves nothing, and is a test when it comes again', async () => {
    const house = await begin()
    house.testModes.set(home, 10, zhao)
    house.journal.setHealth(broken)
    for (let again = 0; again < 4; again += 1) expect(await house.send({ id: 'same' })).toBe(false)
    expect(house.lives.of(DeviceId.parse('btn-1'))?.tests).toEqual([])
    house.journal.setHealth(works)
    expect(await house.send({ id: 'same' })).toBe(true)
    expect(await house.alarms()).toMatchObject([{ kind: 'test', repeats: 0 }])
    expect(house.lives.of(DeviceId.parse('btn-1'))?.tests).toHaveLength(1)
  })

  test('a third press is not acknowledged, and rings when it comes again, whatever was set since', async () => {
    const house = await begin()
    house.testModes.set(home, 10, zhao)
    house.journal.setHealth(broken)
    for (const id of ['a', 'b', 'c']) expect(await house.send({ id })).toBe(false)
    house.testModes.set(home, 10, zhao)
    house.journal.setHealth(works)
    for (const id of ['c', 'a', 'b']) expect(await house.send({ id })).toBe(true)
    expect(await house.alarms()).toMatchObject(
      expect.arrayContaining([
        expect.objectContaining({ kind: 'sos', repeats: 0 }),
        expect.objectContaining({ kind: 'test', repeats: 1 }),
      ]),
    )
    expect(house.offers()).toHaveLength(1)
  })

  test('a call from before the test mode rings when it comes again', async () => {
    const house = await begin()
    house.journal.setHealth(broken)
    expect(await house.send({ id: 'call' })).toBe(false)
    house.testModes.set(home, 10, zhao)
    house.journal.setHealth(works)
    expect(await house.send({ id: 'call' })).toBe(true)
    expect(await house.kinds()).toEqual(['sos'])
  })
})
