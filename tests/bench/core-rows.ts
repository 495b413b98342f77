/** The pure core alone: from a press to the decision whom to ask, without disk and network. */
import { decide } from '../../gateway/alarm/decide.ts'
import { policyFor } from '../../gateway/alarm/policy.ts'
import { AlarmId, AreaId, DeviceId, HomeId } from '../../gateway/model/ids.ts'
import { ServicePointRecord } from '../../gateway/model/records.ts'
import { createHours } from '../../gateway/route/hours.ts'
import { createRouter } from '../../gateway/route/nearest.ts'
import { layOutTown } from '../support/load-town.ts'
import { percentiles } from './percentiles.ts'

export type CoreTime = { readonly points: number; readonly p50Micros: number; readonly p99Micros: number }

const warmUpRounds = 5_000
const rounds = 50_000
const now = Date.parse('2026-11-21T20:18:00Z')
const timers = { verificationMs: 60_000, leaseMs: 120_000, acceptMs: 120_000, followUpMs: 48 * 3_600_000 }
const office = 'Mo-Su 08:00-18:00'

/** Every fifth point keeps office hours and is closed, every fourth terminal is away: as on an ordinary evening. */
const layOutCore = (pointCount: number) => {
  const town = layOutTown(pointCount, pointCount)
  const points = town.points.map((point, index) =>
    ServicePointRecord.parse({
      id: point.id,
      name: point.id,
      area: 'tiedong',
      position: { lat: point.lat, lon: point.lon, datum: 'WGS84' },
      hours: index % 5 === 0 ? office : '24/7',
    }),
  )
  const reachable = new Set(points.filter((_, index) => index % 4 !== 0).map(point => point.id))
  return { homes: town.homes, points, reachable }
}

export const measureCore = (pointCount: number): CoreTime => {
  const { homes, points, reachable } = layOutCore(pointCount)
  const router = createRouter({ points, hoursOf: createHours('Asia/Shanghai') })
  const policy = policyFor('call', 'urban', timers)
  const county = AreaId.parse('tiedong')
  const presses = homes.map(home => ({
    id: AlarmId.parse(`alarm-${home.id}`),
    device: DeviceId.parse(home.device),
    home: HomeId.parse(home.id),
    position: { lat: home.lat, lon: home.lon, datum: 'WGS84' as const },
  }))

  const once = ({ id, device, home, position }: (typeof presses)[number]): void => {
    const query = { position, capability: 'emergency', preset: 'urban', now, reachable, county } as const
    const decision = decide(
      undefined,
      {
        type: 'raise',
        id,
        kind: 'sos',
        subject: `${home}/sos`,
        location: { device, home, preset: 'urban' },
        occurrence: { eventId: id, receivedAt: now },
        routing: router.rank(query),
      },
      policy,
      { actor: { kind: 'device', id: device }, now },
    )
    if ('refused' in decision) throw new Error(decision.refused)
  }

  const timed = (count: number): number[] =>
    Array.from({ length: count }, (_, round) => {
      // Far apart from one to the next, so that no cache answers for the search.
      const press = presses[(round * 7919) % presses.length]
      if (!press) throw new RangeError('no press')
      const startedAt = performance.now()
      once(press)
      return performance.now() - startedAt
    })

  timed(warmUpRounds)
  const { p50Ms, p99Ms } = percentiles(timed(rounds))
  return { points: pointCount, p50Micros: p50Ms * 1000, p99Micros: p99Ms * 1000 }
}
