/**
 * Takes: what a device or the devices of a home have shown, time, and what is known of resident and sensors. Gives: what
 * holds, as findings at its edges: a rise or an end, each once. Never reads a clock, never rings again for what was
 * late, replayed or saved, and takes nothing for a proof that nobody could hear.
 */
import type { Room } from '../model/detection.ts'
import { bathroomStay } from './bathroom-stay.ts'
import { batteryLow } from './battery-low.ts'
import { bedExit } from './bed-exit.ts'
import { chatter } from './chatter.ts'
import { deviceSilent } from './device-silent.ts'
import { doorAtNight } from './door-at-night.ts'
import { createWatch, type Watch } from './engine.ts'
import { fallStill } from './fall-still.ts'
import { inactivity } from './inactivity.ts'
import { notUp } from './not-up.ts'
import { statusFlags } from './status-flag.ts'
import { vitalSigns } from './vital-signs.ts'
import { weeklyTest } from './weekly-test.ts'

export type { Watch, Watched, WatchState } from './engine.ts'

/** All rules over the facts of one device. */
export const deviceWatch: Watch = createWatch([
  ...vitalSigns,
  bedExit,
  notUp,
  fallStill,
  deviceSilent,
  batteryLow,
  ...statusFlags,
  chatter,
  weeklyTest,
])

/** All rules over the facts of all devices of one home. */
export const homeWatch: Watch = createWatch([bathroomStay, inactivity, doorAtNight])

const bathroomWords = /bath|toilet|\bwc\b|shower|restroom|lavatory|卫生间|卫浴|洗手间|厕所|浴室|淋浴|盥洗/i
const bedroomWords = /bed|卧室|主卧|次卧|卧房|睡房|寝室/i

/** What a room is, by its name in the registry. */
export const roomOf = (text: string | undefined): Room => {
  if (text === undefined) return 'other'
  // First: a bathroom is often named after the bedroom it belongs to.
  if (bathroomWords.test(text)) return 'bathroom'
  return bedroomWords.test(text) ? 'bedroom' : 'other'
}
