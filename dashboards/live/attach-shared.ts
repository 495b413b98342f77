/**
 * Takes: the worker that all pages of this browser share, where there is one, and a way to do its work in this page.
 * Gives: the page its live alarms.
 * Never: leaves a page with a worker that is gone or says nothing: it is asked for anew, and then this page does the work
 * itself. Calls what the page has live while nobody knows whether it is.
 */
import type { Attach, Ears, Link, Seat, Update } from './live-update.ts'
import { beatMs, type Clocks, createSilence, staleMs, watchEveryMs } from './silence.ts'
import type { FromPage, FromWorker, Wire } from './wire.ts'

export type SharedPorts = Clocks & {
  readonly who: string
  /** @param onFailed its code could not be had. Undefined: this browser has no such workers. */
  readonly connect: (onFailed: () => void) => Wire<FromPage, FromWorker> | undefined
  readonly inPage: Attach
}

/** A worker that says nothing for so long is asked for anew, before the page has to be called stale. */
const deadMs = 3 * beatMs

type PlaceEars = Omit<Ears, 'onSilent'> & { readonly onClosed: () => void }

/** A place among those that the worker tells. */
const sitAt = (wire: Wire<FromPage, FromWorker>, who: string, ears: PlaceEars): Seat => {
  let isLeft = false
  wire.hear(
    message => {
      if (isLeft) return
      if (message.say === 'ended') return ears.onEnded()
      ears.onUpdate(message.update)
      wire.send({ say: 'taken' })
    },
    () => {
      if (!isLeft) ears.onClosed()
    },
  )
  wire.send({ say: 'attach', who })
  return {
    take: alarm => wire.send({ say: 'take', alarm }),
    leave() {
      isLeft = true
      wire.send({ say: 'leave' })
      wire.close()
    },
  }
}

/** What this page has heard of its worker, and of what that knows. */
const createHearing = (clocks: Clocks) => {
  const { clock } = clocks
  const voice = createSilence(clocks)
  const truth = createSilence(clocks)
  let hasList = false
  let hasSpoken = false
  let joinedAt = clock.now()
  const isStale = (): boolean => truth.ms() > staleMs
  return {
    isStale,
    hasSpoken: () => hasSpoken,
    link: (): Link => ({ state: isStale() ? 'stale' : 'broken', since: truth.since() }),
    isDead(): boolean {
      const patienceMs = hasSpoken ? deadMs : staleMs
      return voice.ms() > patienceMs && clock.now() - joinedAt > patienceMs
    },
    joined(): void {
      hasSpoken = false
      joinedAt = clock.now()
    },
    heard({ standing, all }: Update): void {
      hasSpoken = true
      voice.end()
      hasList ||= all !== undefined
      // A new worker that is still connecting knows less than the page was told before.
      if (!hasList || standing.link.state !== 'connecting') truth.end()
    },
  }
}

export const attachShared =
  (ports: SharedPorts): Attach =>
  ears => {
    const { clock, who, connect, inPage } = ports
    const hearing = createHearing(ports)
    let isLeft = false
    let stopWatch = (): void => undefined

    const join = (): Seat => {
      hearing.joined()
      stopWatch()
      const wire = connect(() => {
        // Of one that works, an error is a fault that it goes on after.
        if (!hearing.hasSpoken()) workHere()
      })
      if (!wire) return inPage(ears)
      watch()
      return sitAt(wire, who, {
        onEnded: ears.onEnded,
        onClosed: lose,
        onUpdate(update) {
          hearing.heard(update)
          ears.onUpdate(update)
        },
      })
    }
    const workHere = (): void => {
      if (isLeft) return
      stopWatch()
      seat.leave()
      seat = inPage(ears)
    }
    const lose = (): void => {
      ears.onSilent(hearing.link())
      if (!hearing.hasSpoken()) return workHere()
      seat.leave()
      seat = join()
    }
    const watch = (): void => {
      stopWatch = clock.after(watchEveryMs, watch)
      if (hearing.isStale()) ears.onSilent(hearing.link())
      if (hearing.isDead()) lose()
    }
    let seat = join()

    return {
      take: alarm => seat.take(alarm),
      leave() {
        isLeft = true
        stopWatch()
        seat.leave()
      },
    }
  }
