/** Whether the live alarms are live, by how much this machine's clock is wrong, and what a break has cost. */
import type { Link, Standing } from './live-update.ts'
import { type Clocks, createSilence } from './silence.ts'

/** A clock that is wrong by less is told anew for nothing. */
const skewStepMs = 250
/** Alarms that go out of sight within such a time are told of in one notice. */
const togetherMs = 10_000

/** @param onChange where they stand is not as it was */
export const createStanding = (clocks: Clocks, onChange: () => void) => {
  const silence = createSilence(clocks)
  let now: Standing = { link: { state: 'connecting' } }
  /** How many alarms have changed since a break that is not over yet. */
  let missed: number | undefined
  const set = (more: Partial<Standing>): void => {
    now = { ...now, ...more }
    onChange()
  }

  return {
    now: () => now,
    silentMs: silence.ms,
    /** There is a list: from here on the stream is to be heard. */
    listed: silence.end,
    changed(count: number): void {
      if (missed !== undefined) missed += count
    },
    /** An open alarm went out of sight. */
    left(): void {
      const at = clocks.wallNow() + (now.offsetMs ?? 0)
      const before = now.left && at - now.left.at < togetherMs ? now.left.count : 0
      set({ left: { at, count: before + 1 } })
    },
    /** @param isLoaded before there was a list nothing can be missed */
    breakOff(state: Exclude<Link['state'], 'connecting' | 'live'>, isLoaded: boolean): void {
      if (isLoaded) missed ??= 0
      if (now.link.state !== state) set({ link: { state, since: silence.since() } })
    },
    /** @param at the gateway's time, in ms since 1970 */
    heard(at: number): void {
      silence.end()
      const known = now.offsetMs ?? 0
      const offsetMs = at - clocks.wallNow()
      const isSkewed = Math.abs(offsetMs - known) > skewStepMs
      const resumed = missed === undefined ? undefined : { at, changed: missed }
      missed = undefined
      if (now.link.state === 'live' && !isSkewed && !resumed) return
      set({
        link: { state: 'live' },
        offsetMs: isSkewed ? offsetMs : known,
        ...(resumed && { resumed }),
      })
    },
  }
}
