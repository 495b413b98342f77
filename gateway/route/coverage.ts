/** The nearest point to a home by travel time, for many homes at once: whoever asks hands in the points that count. */
import { around, distance } from 'geokdbush'
import KDBush from 'kdbush'
import type { PresetName } from '../model/alarm.ts'
import type { Way } from '../model/coverage.ts'
import type { Position, ServicePointRecord } from '../model/records.ts'
import { candidateLimit } from '../model/routing.ts'
import { straightLineTravel, type TravelTime } from './travel.ts'

/** More would be a promise that a straight line cannot keep. Up: rather out of reach than promised too soon. */
const toTenth = (minutes: number): number => Math.ceil(minutes * 10) / 10

/** Of the few nearest by straight line, the one with the shortest way. Undefined: there is no point. */
export const createNearest = (
  points: readonly ServicePointRecord[],
  travelTime: TravelTime = straightLineTravel(),
): ((from: Position, preset: PresetName) => Way | undefined) => {
  if (points.length === 0) return () => undefined
  const tree = new KDBush(points.length)
  for (const { position } of points) tree.add(position.lon, position.lat)
  tree.finish()

  return (from, preset) =>
    around(tree, from.lon, from.lat, candidateLimit)
      .flatMap(index => points[index] ?? [])
      .map(({ id, position }) => {
        const distanceMeters = distance(from.lon, from.lat, position.lon, position.lat) * 1000
        return { point: id, travelMinutes: toTenth(travelTime(from, { position, distanceMeters }, preset)) }
      })
      .reduce<Way | undefined>(
        (best, one) => (best && best.travelMinutes <= one.travelMinutes ? best : one),
        undefined,
      )
}
