/** Wall-clock time where the simulated people live: China keeps UTC+8, without summer time. */
const offsetMs = 8 * 3_600_000
export const dayMs = 86_400_000

/** Milliseconds after local midnight. */
export const timeOfDay = (at: number): number => (((at + offsetMs) % dayMs) + dayMs) % dayMs

/** The last local midnight. */
export const midnightBefore = (at: number): number => at - timeOfDay(at)

/** The first moment at or after `from` at which local clocks show this time of day. */
export const nextAt = (from: number, sinceMidnightMs: number): number =>
  from + ((sinceMidnightMs - timeOfDay(from) + dayMs) % dayMs)

/** Milliseconds after midnight of `HH:MM` or `HH:MM:SS`; undefined for any other text. */
export const parseTimeOfDay = (text: string): number | undefined => {
  const [, hours, minutes, seconds = '0'] = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/.exec(text) ?? []
  return hours === undefined
    ? undefined
    : Number(hours) * 3_600_000 + Number(minutes) * 60_000 + Number(seconds) * 1_000
}

/** `02:10:05` */
export const clockText = (at: number): string => new Date(at + offsetMs).toISOString().slice(11, 19)
