import { beforeEach, describe, expect, test } from 'vitest'
import { attachInPage } from '../../../dashboards/live/attach-in-page.ts'
import { type LiveAlarms, openLiveAlarms } from '../../../dashboards/live/live-alarms.ts'
import { staleMs } from '../../../dashboards/live/silence.ts'
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock.ts'
import { createAlarmGateway, whoOf } from './alarm-gateway.ts'
import { alarmView, heldBy, sampleMs } from './alarm-views.ts'

describe('the live alarms', () => {
  let clock: VirtualClock
  let gateway: ReturnType<typeof createAlarmGateway>
  let live: LiveAlarms
  let loggedOut: number
  /** How much this machine's clock has been set, or has gone on while the page slept. */
  let wallShiftMs: number
  const wallNow = () => sampleMs + clock.now() + wallShiftMs
  const openBy = (by: VirtualClock) =>
    openLiveAlarms({
      clock: by,
      attach: attachInPage({ clock: by, wallNow, ...gateway.ports, who: whoOf('wu') }),
      onLoggedOut: () => {
        loggedOut += 1
      },
    })
  const open = async () => {
    live = openBy(clock)
    await clock.pass(0)
  }
  const tick = () => gateway.stream.onTime(sampleMs + clock.now())
  const openLive = async () => {
    await open()
    tick()
  }
  const known = () =>
    Object.fromEntries([...live.snapshot().alarms].map(([id, { version }]) => [id, version]))
  const state = () => live.snapshot().link.state

  beforeEach(() => {
    clock = createVirtualClock()
    gateway = createAlarmGateway()
    loggedOut = 0
    wallShiftMs = 0
  })

  test('are the list and then what the stream tells after it', async () => {
    gateway.have(alarmView('a', 'sos'))
    await open()
    expect([state(), live.snapshot().isLoaded, known(), gateway.streams[0]?.after]).toEqual([
      'connecting',
      true,
      { a: 1 },
      11,
    ])
    tick()
    gateway.stream.onAlarm(alarmView('b', 'sos'))
    await clock.pass(100)
    expect([state(), known()]).toEqual(['live', { a: 1, b: 1 }])
  })

  test('let go of what leaves sight, say how many did, and take no older word of it back', async () => {
    gateway.have(alarmView('a', 'sos', { version: 3 }), alarmView('b', 'smoke'), alarmView('c', 'sos'))
    await openLive()
    gateway.stream.onGone('a', 5)
    gateway.stream.onGone('b', 2)
    gateway.stream.onGone('never-seen', 9)
    await clock.pass(100)
    expect(known()).toEqual({ c: 1 })
    expect(live.snapshot().left).toEqual({ at: sampleMs, count: 2 })
    // The answer to the command by which it left.
    live.take(alarmView('a', 'sos', { version: 5 }))
    await clock.pass(100)
    expect(known()).toEqual({ c: 1 })
    // In sight again, as after another change of scopes.
    gateway.stream.onAlarm(alarmView('a', 'sos', { version: 5 }))
    await clock.pass(100)
    expect(known()).toEqual({ a: 5, c: 1 })
  })

  test('tell each change once, though an answer and the stream bring the same', async () => {
    gateway.have(alarmView('a', 'sos'))
    await openLive()
    const told: string[] = []
    live.onChange(changes =>
      told.push(...changes.map(({ before, after }) => `${before?.version} → ${after.version}`)),
    )
    const held = alarmView('a', 'sos', { ...heldBy('wu'), version: 2 })
    live.take(held)
    gateway.stream.onAlarm(held)
    gateway.stream.onAlarm(alarmView('a', 'sos'))
    await clock.pass(1_000)
    expect(told).toEqual(['1 → 2'])
  })

  test('are known to be stale when there never was an answer, and never look loaded', async () => {
    gateway.refuse(0)
    await open()
    expect(state()).toBe('connecting')
    await clock.pass(staleMs + 2_000)
    expect([state(), live.snapshot().isLoaded]).toEqual(['stale', false])
    gateway.refuse(undefined)
    await clock.pass(2_000)
    tick()
    expect([state(), live.snapshot().isLoaded, live.snapshot().resumed]).toEqual(['live', true, undefined])
  })

  test('are broken, not connecting, and still asked for while every stream is refused', async () => {
    await open()
    gateway.stream.onBroken(true)
    expect(state()).toBe('broken')
    gateway.have(alarmView('a', 'sos'))
    await clock.pass(2_000)
    expect([known(), live.snapshot().isLoaded]).toEqual([{ a: 1 }, true])
  })

  test('are stale when an open stream says nothing, whatever is done to this machine’s clock', async () => {
    await openLive()
    wallShiftMs = -3_600_000
    await clock.pass(staleMs + 2_000)
    expect(state()).toBe('stale')
  })

  test('are stale at once after a sleep in which timers stood still', async () => {
    await openLive()
    wallShiftMs = 600_000
    await clock.pass(1_000)
    expect(state()).toBe('stale')
  })

  test('have what came, changed and ended while a stream was silent, and say how many', async () => {
    gateway.have(alarmView('stays', 'sos'), alarmView('ends', 'sos'))
    await openLive()
    await clock.pass(staleMs + 1_000)
    gateway.have(alarmView('ends', 'sos', { state: 'resolved', version: 5 }), alarmView('comes', 'sos'))
    await clock.pass(2_000)
    tick()
    expect(known()).toEqual({ stays: 1, ends: 5, comes: 1 })
    expect(live.snapshot().resumed?.changed).toBe(2)
    expect(gateway.streams.filter(({ isOpen }) => isOpen).length).toBe(1)
  })

  test('show that an alarm is gone though nothing else has changed', async () => {
    gateway.have(alarmView('a', 'sos'))
    await openLive()
    gateway.lose('a')
    gateway.stream.onBroken(true)
    await clock.pass(2_000)
    expect(known()).toEqual({})
  })

  test('believe a gateway that was restored: who was helped then may wait now', async () => {
    gateway.have(alarmView('a', 'sos', { ...heldBy('wu'), version: 3 }))
    await openLive()
    gateway.have(alarmView('a', 'sos', { version: 1 }))
    gateway.stream.onBroken(true)
    await clock.pass(2_000)
    expect(live.snapshot().alarms.get('a')?.state).toBe('offered')
  })

  test('keep an alarm for ten minutes after it has ended, however long ago it was raised', async () => {
    gateway.have(alarmView('a', 'sos'))
    await openLive()
    await clock.pass(1_000)
    wallShiftMs = 3_600_000
    gateway.stream.onTime(wallNow())
    gateway.stream.onAlarm(alarmView('a', 'sos', { state: 'resolved', version: 2 }))
    const passLive = async (minutes: number) => {
      for (let seconds = 0; seconds < minutes * 60; seconds += 5) {
        await clock.pass(5_000)
        gateway.stream.onTime(wallNow())
      }
    }
    await passLive(9)
    gateway.stream.onAlarm(alarmView('b', 'sos'))
    await clock.pass(1_000)
    expect(known()).toEqual({ a: 2, b: 1 })
    await passLive(2)
    gateway.stream.onAlarm(alarmView('b', 'sos', { version: 2 }))
    await clock.pass(1_000)
    expect(known()).toEqual({ b: 2 })
  })

  test('keep five hundred that have ended, however many end at once', async () => {
    await openLive()
    for (let n = 0; n < 600; n += 1) {
      gateway.stream.onAlarm(alarmView(`a${n}`, 'sos', { state: 'resolved' }))
    }
    tick()
    gateway.stream.onAlarm(alarmView('b', 'sos'))
    await clock.pass(1_000)
    const ids = [...live.snapshot().alarms.keys()]
    expect([ids.length, ids[0], ids.at(-1)]).toEqual([501, 'a100', 'b'])
  })

  test('end with the session, while they are told and while they are asked for', async () => {
    await openLive()
    gateway.refuse(401)
    gateway.stream.onBroken(true)
    await clock.pass(2_000)
    expect(loggedOut).toBe(1)
    await open()
    expect(loggedOut).toBe(2)
  })

  test('end when somebody else is logged in by the time that the stream is taken up again', async () => {
    gateway.have(alarmView('a', 'sos'))
    await openLive()
    gateway.stream.onBroken(false)
    await clock.pass(0)
    expect(loggedOut).toBe(0)
    gateway.logIn('li')
    gateway.stream.onTime(wallNow())
    await clock.pass(0)
    expect(loggedOut).toBe(1)
  })

  test('are not shown to whom the login has passed before there was a list', async () => {
    gateway.have(alarmView('a', 'sos'))
    gateway.logIn('li')
    await open()
    expect([known(), loggedOut]).toEqual([{}, 1])
  })

  test('are told at once to who makes them sound, while the page still rests from what it drew last', async () => {
    await openLive()
    await clock.pass(100)
    const told: string[] = []
    live.onNews(changes => told.push(...changes.map(({ after }) => `news of ${after.id}`)))
    live.onChange(changes => told.push(`shown ${changes.map(({ after }) => after.id).join(' ')}`))
    for (const id of ['a', 'b', 'c']) gateway.stream.onAlarm(alarmView(id, 'sos'))
    expect(told).toEqual(['news of a', 'shown a', 'news of b', 'news of c'])
    await clock.pass(100)
    expect(told.at(-1)).toBe('shown b c')
  })

  test('are never there, and never stale, for a role that sees none', async () => {
    gateway.refuse(403)
    await open()
    await clock.pass(10 * staleMs)
    expect([state(), live.snapshot().isLoaded, loggedOut]).toEqual(['connecting', false, 0])
  })

  test('are left by a role that sees none any more', async () => {
    gateway.have(alarmView('a', 'sos'))
    await openLive()
    gateway.refuse(403)
    gateway.stream.onBroken(true)
    await clock.pass(2_000)
    expect(loggedOut).toBe(1)
  })

  test('reach everybody though one who is told fails', async () => {
    await openLive()
    const told: string[] = []
    live.onChange(() => {
      throw new Error('of a notification that this browser does not have')
    })
    live.onChange(changes => told.push(...changes.map(({ after }) => after.id)))
    gateway.stream.onAlarm(alarmView('a', 'sos'))
    gateway.stream.onAlarm(alarmView('b', 'sos'))
    await clock.pass(1_000)
    expect(told).toEqual(['a', 'b'])
  })

  test('do not wait for a timer that a browser holds up in a hidden page', async () => {
    await openLive()
    let shownAt: number | undefined
    const held: VirtualClock = { ...clock, after: () => () => undefined }
    live.stop()
    live = openBy(held)
    await clock.pass(0)
    clock.advance(4_000)
    live.subscribe(() => {
      if (live.snapshot().alarms.has('a')) shownAt ??= clock.now()
    })
    gateway.stream.onAlarm(alarmView('a', 'sos'))
    expect(shownAt).toBe(4_000)
  })
})
