/** What of one sensor's facts is worth telling the rules of the whole home: changes, and once a minute that nothing changed. */
import type { Fact } from './model/detection.ts'
import type { DeviceId, Instant } from './model/ids.ts'

type Readings = { readonly [metric: string]: number }

const telling = ['inBed', 'presence', 'motion', 'doorOpen'] as const
/** What has not changed is told again this often. */
const toldAgainMs = 60_000
/** Percent. Below it a sensor's own noise moves. */
const leastMovement = 5

type Told = { readonly at: Instant; readonly readings: Readings }

export type HomeFact = { readonly fact: Fact; readonly isTurn: boolean }

/** One entry for each sensor of the registry. */
export const createHomeFacts = (): ((fact: Fact) => HomeFact | undefined) => {
  const told = new Map<DeviceId, Told>()

  const fromReadings = (fact: Extract<Fact, { what: 'readings' }>): HomeFact | undefined => {
    const before = told.get(fact.device)
    const known: { [metric: string]: number } = { ...before?.readings }
    let isTurn = false
    let tells = (fact.readings['movement'] ?? 0) > leastMovement
    for (const metric of telling) {
      const value = fact.readings[metric]
      if (value === undefined) continue
      tells = true
      isTurn ||= known[metric] !== value
      known[metric] = value
    }
    if (!tells) return undefined
    if (!isTurn && before && Math.abs(fact.at - before.at) < toldAgainMs) return undefined
    told.set(fact.device, { at: fact.at, readings: known })
    return { fact, isTurn }
  }

  return fact => {
    switch (fact.what) {
      case 'activity':
      case 'trigger':
      case 'cancel':
        return { fact, isTurn: true }
      case 'readings':
        return fromReadings(fact)
      case 'status':
      case 'alive':
      case 'connected':
      case 'disconnected':
        return undefined
    }
  }
}
