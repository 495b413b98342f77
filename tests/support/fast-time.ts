/** The time of a gateway that lives faster than the real one, as a test reckons it from the settings that it gave. */
import { eventually } from './eventually.ts'

export type FastTime = {
  /** The group `simulation` of the settings. */
  readonly settings: { readonly speed: number; readonly startAt: string; readonly since: string }
  now(): number
  /** Resolves when the gateway's clock shows it. */
  until(moment: string): Promise<void>
}

/** So that a gateway is up by the time it stands for. Its clock goes before, too: it only shows less. */
const startTakesMs = 2_500

/** `startAt`: RFC 3339, what the clock shows about when the gateway is up. */
export const fastTime = (speed: number, startAt: string): FastTime => {
  const since = Date.now() + startTakesMs
  const now = (): number => Date.parse(startAt) + (Date.now() - since) * speed
  return {
    settings: { speed, startAt, since: new Date(since).toISOString() },
    now,
    async until(moment) {
      await eventually(moment, () => (now() >= Date.parse(moment) ? true : undefined), 60_000)
    },
  }
}
