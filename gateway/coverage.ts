/** Who reaches whom now: the registry and the route stage put together, for a whole town at once. */
import { setImmediate } from 'node:timers/promises'
import type { Clock } from './model/clock.ts'
import { type Coverage, circleMinutes, countCoverage, type HomeReach } from './model/coverage.ts'
import type { HomeRecord, ServicePointRecord } from './model/records.ts'
import type { Registry } from './model/registry.ts'
import { createNearest } from './route/coverage.ts'
import { createHours } from './route/hours.ts'
import { straightLineReach } from './route/travel.ts'

/** A few milliseconds' worth. Then whatever waits goes first: alarms are served by the same thread. */
const homesPerSlice = 100

type Ports = {
  readonly registry: Pick<Registry, 'all' | 'areaPath' | 'areasWithin' | 'revision'>
  readonly clock: Pick<Clock, 'now'>
  readonly timeZone: string
}

const reachesOf = async (
  homes: readonly HomeRecord[],
  points: readonly ServicePointRecord[],
  registry: Ports['registry'],
): Promise<readonly HomeReach[]> => {
  const nearestTo = createNearest(points)
  const reaches: HomeReach[] = []
  for (const home of homes) {
    const nearest = home.position && nearestTo(home.position, registry.areaPath(home.area).preset)
    reaches.push({ home, ...(nearest && { nearest }) })
    if (reaches.length % homesPerSlice === 0) await setImmediate()
  }
  return reaches
}

export const createCoverage = ({ registry, clock, timeZone }: Ports): Coverage => {
  const hoursOf = createHours(timeZone)
  const isOpen: Coverage['isOpen'] = ({ hours }) => hoursOf(hours)(clock.now())
  const takesCalls = (point: ServicePointRecord): boolean =>
    !point.suspended && point.capabilities.includes('emergency') && isOpen(point)
  let known: { readonly key: string; readonly reaches: Promise<readonly HomeReach[]> } | undefined
  let isUnderWay = false
  /** For whoever asks for what has changed since the one that is under way began. */
  let next: Promise<readonly HomeReach[]> | undefined

  const workOut = async (points: readonly ServicePointRecord[]): Promise<readonly HomeReach[]> => {
    isUnderWay = true
    try {
      return await reachesOf([...registry.all('homes')], points, registry)
    } finally {
      isUnderWay = false
    }
  }

  const homes = (): Promise<readonly HomeReach[]> => {
    const points = [...registry.all('servicePoints')].filter(takesCalls)
    const key = [registry.revision, ...points.map(({ id }) => id)].join(' ')
    // Whoever asks meanwhile waits for the same.
    if (known?.key === key) return known.reaches
    if (!known || !isUnderWay) {
      const reaches = workOut(points)
      known = { key, reaches }
      // A failure is for who asked: whoever asks next has it tried again.
      reaches.catch(() => {
        if (known?.reaches === reaches) known = undefined
      })
      return reaches
    }
    // One at a time: during an import each change would begin another, and all would be late.
    const begin = () => {
      next = undefined
      return homes()
    }
    next ??= known.reaches.then(begin, begin)
    return next
  }

  return {
    isOpen,
    reachMeters: point =>
      takesCalls(point) ? straightLineReach(circleMinutes, registry.areaPath(point.area).preset) : undefined,
    homes,
    async uncovered(area) {
      const reaches = await homes()
      if (area === undefined) return countCoverage(reaches, circleMinutes)
      const areas = new Set(registry.areasWithin(area))
      return countCoverage(
        reaches.filter(({ home }) => areas.has(home.area)),
        circleMinutes,
      )
    },
  }
}
