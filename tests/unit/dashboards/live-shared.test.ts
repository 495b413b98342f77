import { beforeEach, describe, expect, test } from 'vitest'
import { attachInPage } from '../../../dashboards/live/attach-in-page.ts'
import { attachShared } from '../../../dashboards/live/attach-shared.ts'
import { type LiveAlarms, openLiveAlarms } from '../../../dashboards/live/live-alarms.ts'
import { openLiveSource } from '../../../dashboards/live/live-source.ts'
import { createLiveSources } from '../../../dashboards/live/live-sources.ts'
import { servePage } from '../../../dashboards/live/serve-page.ts'
import { staleMs } from '../../../dashboards/live/silence.ts'
import type { FromPage, FromWorker, Wire } from '../../../dashboards/live/wire.ts'
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock.ts'
import { createAlarmGateway, whoOf } from './alarm-gateway.ts'
import { alarmView, heldBy, sampleMs } from './alarm-views.ts'

type Stillness = { page: boolean; readonly worker: boolean }

/** Both ends of a wire. What is said arrives a little later, and not at all while whom it is for stands still. */
const createWires = (clock: VirtualClock, stands: Stillness) => {
  const end = <Sent, Heard>(who: keyof Stillness) => {
    const waiting: Heard[] = []
    let tell: ((message: Heard) => void) | undefined
    let onClosed = (): void => undefined
    const flush = (): void => {
      while (tell && !stands[who]) {
        const [message] = waiting.splice(0, 1)
        if (message === undefined) return
        tell(message)
      }
    }
    const wire = (other: { put(message: Sent): void; closed(): void }): Wire<Sent, Heard> => ({
      send(message) {
        if (!stands[who]) clock.after(1, () => other.put(message))
      },
      hear(onMessage, closed) {
        tell = onMessage
        onClosed = closed
      },
      close: () => clock.after(1, other.closed),
    })
    const put = (message: Heard): void => {
      waiting.push(structuredClone(message))
      flush()
    }
    return { put, waiting, closed: () => onClosed(), flush, wire }
  }
  const page = end<FromPage, FromWorker>('page')
  const worker = end<FromWorker, FromPage>('worker')
  return { page: page.wire(worker), worker: worker.wire(page), ends: { page, worker } }
}

/** Timers of a page that stands still come due when it goes on. */
const createPageClock = (clock: VirtualClock, stands: Stillness) => {
  const held: (() => void)[] = []
  const thaw = (): void => {
    for (const action of held.splice(0)) action()
  }
  const after = (delayMs: number, action: () => void) => {
    let isStopped = false
    const act = (): void => {
      if (isStopped) return
      if (stands.page) held.push(act)
      else action()
    }
    const stop = clock.after(delayMs, act)
    return () => {
      isStopped = true
      stop()
    }
  }
  return { now: clock.now, after, thaw }
}

describe('pages of one browser', () => {
  let clock: VirtualClock
  let gateway: ReturnType<typeof createAlarmGateway>
  let left: string[]
  let hasWorkers: boolean
  let workerStands: boolean
  const wallNow = () => sampleMs + clock.now()
  const ports = () => ({ clock, wallNow, ...gateway.ports })

  const startWorker = () => createLiveSources((who, onOver) => openLiveSource({ ...ports(), who, onOver }))
  let worker: ReturnType<typeof startWorker>

  const openPage = async (name: string, username = 'wu') => {
    const stands = {
      page: false,
      get worker() {
        return workerStands
      },
    }
    const pageClock = createPageClock(clock, stands)
    const wires: ReturnType<typeof createWires>[] = []
    let fail = (): void => undefined
    const live: LiveAlarms = openLiveAlarms({
      clock: pageClock,
      attach: attachShared({
        clock: pageClock,
        wallNow,
        who: whoOf(username),
        connect(onFailed) {
          fail = onFailed
          if (!hasWorkers) return undefined
          const made = createWires(clock, stands)
          wires.push(made)
          servePage(made.worker, worker)
          return made.page
        },
        inPage: attachInPage({ ...ports(), who: whoOf(username) }),
      }),
      onLoggedOut: () => left.push(name),
    })
    await clock.pass(10)
    return {
      live,
      fail: () => fail(),
      known: () => Object.fromEntries([...live.snapshot().alarms].map(([id, { version }]) => [id, version])),
      state: () => live.snapshot().link.state,
      freeze: () => {
        stands.page = true
      },
      thaw: async () => {
        stands.page = false
        pageClock.thaw()
        for (const { ends } of wires) ends.page.flush()
        await clock.pass(100)
      },
      /** What was said to it meanwhile comes before its timers. */
      thawReading: async () => {
        stands.page = false
        for (const { ends } of wires) ends.page.flush()
        await clock.pass(100)
        pageClock.thaw()
      },
      /** As browsers tell it of a worker that was ended. */
      tellClosed: () => wires.at(-1)?.ends.page.closed(),
      waiting: () => wires.flatMap(({ ends }) => ends.page.waiting).length,
    }
  }
  const openStreams = () => gateway.streams.filter(({ isOpen }) => isOpen).length
  const say = async (...alarms: Parameters<typeof alarmView>[]) => {
    for (const alarm of alarms) gateway.stream.onAlarm(alarmView(...alarm))
    await clock.pass(100)
  }
  const passLive = async (seconds: number) => {
    for (let passed = 0; passed < seconds; passed += 5) {
      await clock.pass(5_000)
      gateway.stream.onTime(wallNow())
    }
  }

  beforeEach(() => {
    clock = createVirtualClock()
    gateway = createAlarmGateway()
    left = []
    hasWorkers = true
    workerStands = false
    worker = startWorker()
  })

  test('have one stream, and each all alarms, however late it was opened', async () => {
    gateway.have(alarmView('a', 'sos'))
    const first = await openPage('first')
    gateway.stream.onTime(wallNow())
    await say(['b', 'sos'])
    const second = await openPage('second')
    await say(['c', 'sos'])
    expect([openStreams(), first.known(), second.known()]).toEqual([
      1,
      { a: 1, b: 1, c: 1 },
      { a: 1, b: 1, c: 1 },
    ])
    expect([first.state(), second.state(), second.live.snapshot().isLoaded]).toEqual(['live', 'live', true])
  })

  test('show in all of them what one has done', async () => {
    gateway.have(alarmView('a', 'sos'))
    const pages = [await openPage('first'), await openPage('second')]
    pages[0]?.live.take(alarmView('a', 'sos', { ...heldBy('wu'), version: 2 }))
    await clock.pass(100)
    expect(pages.map(({ known }) => known())).toEqual([{ a: 2 }, { a: 2 }])
  })

  test('take no more than they can: what waits gives way to the newest, and no press goes unnoticed', async () => {
    const slow = await openPage('slow')
    const told: string[] = []
    slow.live.onChange(changes =>
      told.push(...changes.map(({ before, after }) => `${before?.state} → ${after.state} ${after.repeats}`)),
    )
    slow.freeze()
    await say(['x', 'sos'])
    for (let version = 1; version <= 300; version += 1) {
      gateway.stream.onAlarm(alarmView('a', 'sos', { version, level: version }))
    }
    await say(
      ['a', 'sos', { version: 301, ...heldBy('wu') }],
      ['a', 'sos', { version: 302 }],
      ['a', 'sos', { version: 303, repeats: 1 }],
    )
    expect(slow.waiting()).toBe(1)
    await slow.thaw()
    expect(slow.known()).toEqual({ x: 1, a: 303 })
    expect(told.slice(1)).toEqual([
      'undefined → offered 0',
      'offered → acknowledged 0',
      'acknowledged → offered 0',
      'offered → offered 1',
    ])
  })

  test('get all there is, and nothing of what was, after a long time of taking nothing', async () => {
    const frozen = await openPage('frozen')
    const other = await openPage('other')
    gateway.stream.onTime(wallNow())
    await say(['gone', 'sos'])
    frozen.freeze()
    await say(['gone', 'sos', { state: 'resolved', version: 2 }])
    for (let n = 0; n < 2_000; n += 1)
      gateway.stream.onAlarm(alarmView(`a${n % 1_500}`, 'sos', { version: n }))
    await passLive(9 * 60)
    await frozen.thaw()
    expect(frozen.waiting()).toBe(0)
    expect(frozen.known()).toEqual(other.known())
  })

  test('come back when they were left out, having taken nothing for too long', async () => {
    const frozen = await openPage('frozen')
    await openPage('other')
    gateway.stream.onTime(wallNow())
    frozen.freeze()
    await passLive(11 * 60)
    await say(['a', 'sos'])
    await frozen.thaw()
    await passLive(5)
    expect([frozen.known(), frozen.state()]).toEqual([{ a: 1 }, 'live'])
  })

  test('are told everything anew by the first thing that they take, having been left out', async () => {
    const frozen = await openPage('frozen')
    await openPage('other')
    gateway.stream.onTime(wallNow())
    frozen.freeze()
    await passLive(11 * 60)
    await say(['a', 'sos'])
    await frozen.thawReading()
    expect([frozen.known(), frozen.state()]).toEqual([{ a: 1 }, 'live'])
  })

  test('know when the gateway is silent, and do not take that for the silence of their worker', async () => {
    const page = await openPage('page')
    gateway.stream.onTime(wallNow())
    await clock.pass(10)
    expect(page.state()).toBe('live')
    gateway.refuse(0)
    await clock.pass(10 * staleMs)
    expect(page.state()).toBe('stale')
    gateway.refuse(undefined)
    gateway.have(alarmView('a', 'sos'))
    await clock.pass(3_000)
    gateway.stream.onTime(wallNow())
    await clock.pass(100)
    expect([openStreams(), page.state(), page.known()]).toEqual([1, 'live', { a: 1 }])
    expect(page.live.snapshot().resumed?.changed).toBe(1)
  })

  test('begin anew when their worker was ended, and say that they are stale until then', async () => {
    gateway.have(alarmView('a', 'sos'))
    const page = await openPage('page')
    gateway.stream.onTime(wallNow())
    await clock.pass(10)
    for (const stream of gateway.streams) stream.isOpen = false
    workerStands = true
    const states: string[] = []
    page.live.subscribe(() => states.push(page.state()))
    await clock.pass(staleMs + 1_500)
    expect(states).toEqual(['broken', 'stale'])
    gateway.have(alarmView('b', 'sos'))
    await clock.pass(staleMs + 2_000)
    gateway.stream.onTime(wallNow())
    await clock.pass(100)
    expect([page.state(), page.known()]).toEqual(['live', { a: 1, b: 1 }])
  })

  /** The one there is ends with all that it knew; the next is like new. */
  const endWorker = () => {
    for (const stream of gateway.streams) stream.isOpen = false
    worker = startWorker()
  }

  test('have another worker at once where the browser says that theirs was ended', async () => {
    gateway.have(alarmView('a', 'sos'))
    const page = await openPage('page')
    gateway.stream.onTime(wallNow())
    await clock.pass(10)
    endWorker()
    gateway.have(alarmView('b', 'sos'))
    page.tellClosed()
    expect(page.state()).toBe('broken')
    await clock.pass(10)
    gateway.stream.onTime(wallNow())
    await clock.pass(10)
    expect([page.state(), page.known()]).toEqual(['live', { a: 1, b: 1 }])
  })

  test('do not call live, nor set their clocks back, while a new worker has no word from the gateway', async () => {
    gateway.have(alarmView('a', 'sos'))
    const page = await openPage('page')
    gateway.stream.onTime(wallNow() + 60_000)
    await clock.pass(1)
    const since = wallNow()
    endWorker()
    gateway.refuse(0)
    page.tellClosed()
    const shown: string[] = []
    page.live.subscribe(() => shown.push(page.state()))
    await clock.pass(3 * staleMs)
    expect(shown).toEqual(['stale'])
    expect(page.live.snapshot()).toMatchObject({ isLoaded: true, offsetMs: 60_000, link: { since } })
  })

  test('do the work themselves where there are no workers, or where its code cannot be had', async () => {
    gateway.have(alarmView('a', 'sos'))
    hasWorkers = false
    expect((await openPage('phone')).known()).toEqual({ a: 1 })
    hasWorkers = true
    workerStands = true
    const page = await openPage('page')
    expect(page.known()).toEqual({})
    page.fail()
    await clock.pass(10)
    expect(page.known()).toEqual({ a: 1 })
  })

  test('all end with the session', async () => {
    await openPage('first')
    await openPage('second')
    gateway.refuse(401)
    gateway.stream.onBroken(false)
    await clock.pass(100)
    expect([left, openStreams()]).toEqual([['first', 'second'], 0])
  })

  test('go on for somebody whose part of the town was changed meanwhile: their session has not ended', async () => {
    const page = await openPage('page')
    gateway.stream.onTime(wallNow())
    gateway.logIn('wu', 'tiedong')
    gateway.stream.onBroken(true)
    gateway.have(alarmView('a', 'sos'))
    await clock.pass(3_000)
    gateway.stream.onTime(wallNow())
    await clock.pass(100)
    expect([left, page.state(), page.known()]).toEqual([[], 'live', { a: 1 }])
  })

  test('are shown nothing of who was logged in before, whose pages end when somebody else comes', async () => {
    gateway.have(alarmView('of-wu', 'sos'))
    await openPage('of wu')
    gateway.lose('of-wu')
    gateway.logIn('li')
    gateway.have(alarmView('of-li', 'sos'))
    const page = await openPage('of li', 'li')
    expect([page.known(), left, openStreams()]).toEqual([{ 'of-li': 1 }, ['of wu'], 1])
  })

  test('keep the stream until the last has left', async () => {
    const first = await openPage('first')
    const second = await openPage('second')
    first.live.stop()
    await clock.pass(100)
    expect(openStreams()).toBe(1)
    second.live.stop()
    await clock.pass(100)
    expect(openStreams()).toBe(0)
    gateway.have(alarmView('a', 'sos'))
    expect((await openPage('third')).known()).toEqual({ a: 1 })
  })
})
