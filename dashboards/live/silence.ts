import type { Clock } from '../../gateway/model/clock.ts'

/** Who speaks does so every 5 s: three silences in a row are no accident. */
export const staleMs = 15_000
export const watchEveryMs = 1_000
/** So often a page is told something by whoever holds the alarms, if only that somebody is there. */
export const beatMs = 2_000

export type Clocks = {
  /** Time that nobody can set. */
  readonly clock: Clock
  /** This machine's clock, which shows how long it has slept. */
  readonly wallNow: () => number
}

/** For how long nothing was heard. The one clock may be set, the other may stand still while the machine sleeps. */
export const createSilence = ({ clock, wallNow }: Clocks) => {
  let steady = clock.now()
  let since = wallNow()
  return {
    end(): void {
      steady = clock.now()
      since = wallNow()
    },
    since: () => since,
    ms: () => Math.max(clock.now() - steady, wallNow() - since),
  }
}
