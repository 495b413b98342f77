/**
 * Takes: the worker that all pages of this browser share, where there is one, and a way to do its work in this page.
 * Gives: the page its live alarms.
 * Never: leaves a page with a worker that says nothing: it is asked for anew, and then this page does the work itself.
 */
import type { Attach, Ears, Seat } from './live-update.ts'
import { type Clocks, createSilence, staleMs, watchEveryMs } from './silence.ts'
import type { FromPage, FromWorker, Wire } from './wire.ts'

export type SharedPorts = Clocks & {
  readonly who: string
  /** @param onFailed its code could not be had. Undefined: this browser has no such workers. */
  readonly connect: (onFailed: () => void) => Wire<FromPage, FromWorker> | undefined
  readonly inPage: Attach
}

/** A place among those that the worker tells. */
const sitAt = (wire: Wire<FromPage, FromWorker>, who: string, ears: Omit<Ears, 'onSilent'>): Seat => {
  let isLeft = false
  wire.hear(
    message => {
      if (isLeft) return
      if (message.say === 'ended') return ears.onEnded()
      ears.onUpdate(message.update)
      wire.send({ say: 'taken' })
    },
    () => undefined,
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

export const attachShared =
  (ports: SharedPorts): Attach =>
  ears => {
    const { clock, who, connect, inPage } = ports
    const silence = createSilence(ports)
    let hasSpoken = false
    let joinedAt = clock.now()
    let isLeft = false
    let stopWatch = (): void => undefined

    const join = (): Seat => {
      hasSpoken = false
      joinedAt = clock.now()
      const wire = connect(() => {
        // Of one that works, an error is a fault that it goes on after.
        if (!hasSpoken) workHere()
      })
      if (!wire) return inPage(ears)
      watch()
      return sitAt(wire, who, {
        ...ears,
        onUpdate(update) {
          hasSpoken = true
          silence.end()
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
    const watch = (): void => {
      stopWatch()
      stopWatch = clock.after(watchEveryMs, watch)
      if (silence.ms() <= staleMs) return
      ears.onSilent(silence.since())
      if (clock.now() - joinedAt <= staleMs) return
      if (!hasSpoken) return workHere()
      seat.leave()
      seat = join()
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
