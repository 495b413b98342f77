/** The list of open alarms and the stream after it, begun anew with the list whenever the stream is refused or silent. */
import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import type { Clock } from '../../gateway/model/clock.ts'
import { type Ask, loadGone, loadOpen } from './open-list.ts'

/** Between attempts, when the browser has given up by itself. */
const retryMs = 2_000

export type AlarmStreamEars = {
  readonly onAlarm: (alarm: AlarmView) => void
  /** It was in sight before, and is not any more. @param version as of which that is so */
  readonly onGone: (id: string, version: number) => void
  /** @param at the gateway's time, in ms since 1970 */
  readonly onTime: (at: number) => void
  /** @param isGone false: it is taken up again by itself, after the last change that it told */
  readonly onBroken: (isGone: boolean) => void
}

/** @param after the number of the last change that is known. @returns closes it */
export type OpenAlarmStream = (after: number, ears: AlarmStreamEars) => () => void

export type ReaderPorts = {
  readonly clock: Clock
  readonly ask: Ask
  readonly openStream: OpenAlarmStream
}

export type ReaderEars = Pick<AlarmStreamEars, 'onAlarm' | 'onGone' | 'onTime'> & {
  /** Of the alarms that are known. */
  readonly openIds: () => readonly string[]
  /** @param ended of those that were open, what has become of them */
  readonly onList: (open: readonly AlarmView[], ended: readonly AlarmView[]) => void
  readonly onBroken: () => void
  /** Asked with every list: the login may be another by now. */
  readonly isStillTheirs: () => Promise<boolean>
  readonly onSomebodyElse: () => void
  /** @returns whether to try again */
  readonly onRefused: (error: unknown) => boolean
}

export interface AlarmReader {
  /** What is open says nothing: begins anew. Does nothing while that is under way. */
  renew(): void
  stop(): void
}

export const openAlarmReader = ({ clock, ask, openStream }: ReaderPorts, ears: ReaderEars): AlarmReader => {
  const aborter = new AbortController()
  const { signal } = aborter
  let closeStream: (() => void) | undefined
  let stopRetry = (): void => undefined

  const readAgain = (): void => {
    closeStream?.()
    closeStream = undefined
    stopRetry()
    stopRetry = clock.after(retryMs, () => void read())
  }

  const listen = (after: number): void => {
    closeStream = openStream(after, {
      ...ears,
      onBroken(isGone) {
        ears.onBroken()
        // The gateway refused: it may have begun anew, so the list is asked for first.
        if (isGone && !signal.aborted) readAgain()
      },
    })
  }

  const read = async (): Promise<void> => {
    try {
      const [isTheirs, { items, head }] = await Promise.all([ears.isStillTheirs(), loadOpen(ask, signal)])
      if (signal.aborted) return
      if (!isTheirs) return ears.onSomebodyElse()
      const listed = new Set(items.map(({ id }) => id))
      const ended = await loadGone(
        ask,
        ears.openIds().filter(id => !listed.has(id)),
        signal,
      )
      if (signal.aborted) return
      ears.onList(items, ended)
      listen(head)
    } catch (error) {
      if (!signal.aborted && ears.onRefused(error)) readAgain()
    }
  }
  void read()

  return {
    renew() {
      if (closeStream) readAgain()
    },
    stop() {
      aborter.abort()
      closeStream?.()
      stopRetry()
    },
  }
}
