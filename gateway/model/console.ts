/** What a page needs to know before it shows anything. */
import type { PresetName } from './alarm.ts'

/** In which a call is answered, by preset: GB/T 33358-2016 as a floor, the UK telecare quality standard, NENA-STA-020. */
export const answerSeconds: Readonly<Record<PresetName, number>> = {
  urban: 15,
  rural: 15,
  'tec-quality': 60,
  nena: 15,
}

/** A stream that has been quiet for so long is shown as stale: a comment comes every 5 s. */
export const staleSeconds = 15

export type ConsoleFacts = {
  readonly timeZone: string
  readonly version: string
  /** The gateway's time is a demonstration's: no clock of a page is wrong that differs from it. */
  readonly isSimulated: boolean
  readonly serviceLevels: {
    readonly answerSeconds: number
    readonly staleSeconds: number
    readonly leaseSeconds: number
    readonly acceptSeconds: number
  }
  readonly map: {
    /** With {z}, {x} and {y}. Undefined: no page asks anybody for a picture. */
    readonly tilesUrl?: string | undefined
    readonly attribution?: string | undefined
    /** An archive of the whole map, served from here. */
    readonly pmtilesFile?: string | undefined
  }
}
