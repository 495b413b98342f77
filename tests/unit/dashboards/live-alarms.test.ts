import { beforeEach, describe, expect, test } from 'vitest'
import {
  type AlarmStreamEars,
  type LiveAlarms,
  openLiveAlarms,
  staleMs,
} from '../../../dashboards/live/live-alarms.ts'
import { ApiProblem, trusted } from '../../../dashboards/shell/api.ts'
import type { AlarmView } from '../../../gateway/api/alarm-view.ts'
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock.ts'
import { alarmView, heldBy, sampleMs } from './alarm-views.ts'

const refusal = (status: number) => new ApiProblem({ code: 'x', status, title: 'x', titleZh: 'x' })

/** What the gateway would answer, and the stream that it keeps open. */
const createGateway = () => {
  let head = 10
  let refused: number | undefined
  const alarms = new Map<string, AlarmView>()
  const streams: { readonly after: number; readonly ears: AlarmStreamEars; isOpen: boolean }[] = []
  const answer = (path: string): unknown => {
    if (refused !== undefined) throw refusal(refused)
    const id = /^\/api\/alarms\/([^?]+)$/.exec(path)?.[1]
    if (id === undefined) {
      const items = [...alarms.values()].filter(({ state }) => state !== 'resolved')
      return { items, nextCursor: null, head }
    }
    const alarm = alarms.get(id)
    if (!alarm) throw refusal(404)
    return alarm
  }
  return {
    streams,
    have: (...some: readonly AlarmView[]) => {
      for (const alarm of some) alarms.set(alarm.id, alarm)
      head += some.length
    },
    lose: (id: string) => alarms.delete(id),
    refuse: (status: number | undefined) => {
      refused = status
    },
    ask: async <T>(path: string): Promise<T> => trusted<T>(answer(path)),
    openStream: (after: number, ears: AlarmStreamEars) => {
      const stream = { after, ears, isOpen: true }
      streams.push(stream)
      return () => {
        stream.isOpen = false
      }
    },
    /** The one that is open. */
    get stream(): AlarmStreamEars {
      const open = streams.find(({ isOpen }) => isOpen)
      if (!open) throw new Error('no stream is open')
      return open.ears
    },
  }
}

describe('the live alarms', () => {
  let clock: VirtualClock
  let gateway: ReturnType<typeof createGateway>
  let live: LiveAlarms
  let loggedOut: number
  /** How much this machine's clock has been set, or has gone on while the page slept. */
  let wallShiftMs: number
  const wallNow = () => sampleMs + clock.now() + wallShiftMs
  const open = async () => {
    live = openLiveAlarms({
      clock,
      wallNow,
      ask: gateway.ask,
      openStream: gateway.openStream,
      onLoggedOut: () => {
        loggedOut += 1
      },
    })
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
    gateway = createGateway()
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
    live = openLiveAlarms({
      clock: held,
      wallNow,
      ask: gateway.ask,
      openStream: gateway.openStream,
      onLoggedOut: () => undefined,
    })
    await clock.pass(0)
    clock.advance(4_000)
    live.subscribe(() => {
      if (live.snapshot().alarms.has('a')) shownAt ??= clock.now()
    })
    gateway.stream.onAlarm(alarmView('a', 'sos'))
    expect(shownAt).toBe(4_000)
  })
})
