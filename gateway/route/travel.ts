/** How long the way is: straight line times detour factor by speed, unless something better is handed in. */
import type { PresetName } from '../model/alarm.ts'
import type { Position } from '../model/records.ts'

export type Destination = { readonly position: Position; readonly distanceMeters: number }

/**
 * The port to travel times, in minutes. A road matrix fits in here too: it is asked only for the few nearest points by
 * straight line, and its answers order them.
 */
export type TravelTime = (from: Position, to: Destination, preset: PresetName) => number

export type Speed = {
  /** How much longer the way is than the straight line. */
  readonly detourFactor: number
  readonly kmPerHour: number
}

/**
 * Starting figures, slow on purpose: a home is rather listed as out of reach than promised too soon. They scale the
 * minutes and never change which point is nearest. To be replaced by measured arrivals.
 */
export const defaultSpeeds: Readonly<Record<PresetName, Speed>> = {
  // On foot. The 15-minute circle of the plans is a walk of about 1,000 m: 4 km/h along the streets. The factor is an
  // assumption for a street grid (√2 at worst, about 1.27 on average over all directions).
  urban: { detourFactor: 1.3, kmPerHour: 4 },
  // Assumed: an electric bicycle on village roads; GB 17761-2018 caps it at 25 km/h, stops and the yard are included.
  rural: { detourFactor: 1.4, kmPerHour: 18 },
  // Assumed: a responder's car in town traffic. The British standard gives arrival times, no speeds.
  'tec-quality': { detourFactor: 1.3, kmPerHour: 25 },
  // Assumed like `tec-quality`: NENA-STA-020 is about answering and says nothing of the way.
  nena: { detourFactor: 1.3, kmPerHour: 25 },
}

const metersPerMinute = ({ kmPerHour, detourFactor }: Speed): number => (kmPerHour * 1000) / 60 / detourFactor

/** How far somebody gets in so many minutes, in a straight line: the circle of `straightLineTravel`. */
export const straightLineReach = (
  minutes: number,
  preset: PresetName,
  speeds: Readonly<Record<PresetName, Speed>> = defaultSpeeds,
): number => minutes * metersPerMinute(speeds[preset])

export const straightLineTravel =
  (speeds: Readonly<Record<PresetName, Speed>> = defaultSpeeds): TravelTime =>
  (_from, { distanceMeters }, preset) =>
    distanceMeters / metersPerMinute(speeds[preset])
