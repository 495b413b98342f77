/** Awake, at home, and no sign of life for long. Only where some sensor of activity has ever spoken. */
import { z } from 'zod'
import type { Fact, WatchContext } from '../model/detection.ts'
import { DeviceId, type Instant } from '../model/ids.ts'
import type { Metric } from '../model/measurement.ts'
import { evidenceOf } from './evidence.ts'
import { hourMs, minuteMs, msOutside } from './local-window.ts'
import { withoutPauses } from './pauses.ts'
import { Moment, nothingHolds, type Pause, type Rule, SavedEvidence } from './rule.ts'
import { doorOpenOf, inBedOf, isMotion, isMovement, isPress, presenceOf } from './signs.ts'

/** Judged at least this often, so that after a restart no more than this is taken for time without listening. */
const judgedEveryMs = 5 * minuteMs
/** That a bed sensor is still there is noted this often. */
const notedEveryMs = minuteMs

const spoken = ['inBed', 'presence', 'motion', 'doorOpen', 'movement'] as const satisfies readonly Metric[]

const Sensor = z
  .object({
    device: DeviceId,
    heardAt: Moment,
    presence: z.boolean().exactOptional(),
    door: z.boolean().exactOptional(),
    inBed: z.boolean().exactOptional(),
  })
  .readonly()
type Sensor = z.infer<typeof Sensor>
const Memory = z
  .object({
    /** The last sign of life, or the first word of any sensor of activity. */
    sign: SavedEvidence.exactOptional(),
    sensors: z.array(Sensor).readonly(),
  })
  .readonly()
type Memory = z.infer<typeof Memory>

const sensorAfter = (before: Sensor | undefined, fact: Fact): Sensor => {
  const presence = presenceOf(fact) ?? before?.presence
  const door = doorOpenOf(fact) ?? before?.door
  const inBed = inBedOf(fact) ?? before?.inBed
  const isNoted = before && fact.at - before.heardAt < notedEveryMs
  if (isNoted && before.presence === presence && before.door === door && before.inBed === inBed) return before
  return {
    device: fact.device,
    heardAt: fact.at,
    ...(presence !== undefined && { presence }),
    ...(door !== undefined && { door }),
    ...(inBed !== undefined && { inBed }),
  }
}

/** A presence that merely lasts is no sign: somebody may be lying there. */
const isSign = (fact: Fact, before: Sensor | undefined, after: Sensor): boolean =>
  isMotion(fact) ||
  (after.presence === true && before?.presence !== true) ||
  (fact.what === 'activity' && doorOpenOf(fact) !== undefined) ||
  before?.door !== after.door ||
  before?.inBed !== after.inBed ||
  (after.inBed !== true && isMovement(fact))

const speaksOfActivity = (fact: Fact): boolean =>
  fact.what === 'activity' ||
  (fact.what === 'readings' && spoken.some(metric => fact.readings[metric] !== undefined))

/** A bed sensor that has fallen silent keeps nobody asleep. */
const isHeard = ({ device, heardAt }: Sensor, now: Instant, { sensor, thresholds }: WatchContext): boolean =>
  now - heardAt <= thresholds['silence.missed'] * sensor(device).model.heartbeatSeconds * 1_000 + notedEveryMs

/** Nights count as sleep where no bed says otherwise. */
const awakeMs = (
  times: readonly Pause[],
  hasBed: boolean,
  { thresholds, localTime }: WatchContext,
): number => {
  const night = { from: thresholds['inactivity.nightFrom'], to: thresholds['inactivity.nightTo'] }
  const awakeIn = (time: Pause): number => (hasBed ? time.to - time.from : msOutside(night, time, localTime))
  return times.reduce((sum, time) => sum + awakeIn(time), 0)
}

export const inactivity: Rule<Memory> = {
  name: 'inactivity',
  on: 'inactivity.on',
  start: { sensors: [] },
  schema: Memory,

  observe(memory, fact) {
    const { sign, sensors } = memory
    if (isPress(fact)) return sign ? { sign: evidenceOf(fact, 'press'), sensors } : memory
    if (!speaksOfActivity(fact)) return memory
    const before = sensors.find(one => one.device === fact.device)
    const after = sensorAfter(before, fact)
    const isAlive = !sign || isSign(fact, before, after)
    if (after === before && !isAlive) return memory
    return {
      sign: isAlive ? evidenceOf(fact, 'sign-of-life') : sign,
      sensors: after === before ? sensors : [...sensors.filter(one => one !== before), after],
    }
  },

  judge({ sign, sensors }, now, context, pauses) {
    if (!sign || context.away) return nothingHolds
    const beds = sensors.filter(one => one.inBed !== undefined && isHeard(one, now, context))
    if (beds.some(one => one.inBed)) return { wakeAt: now + judgedEveryMs }
    const { thresholds } = context
    const awake = awakeMs(withoutPauses(sign.at, now, pauses), beds.length > 0, context)
    const untilHigh = thresholds['inactivity.highAfter'] * hourMs - awake
    const untilMedium = Math.min(untilHigh, thresholds['inactivity.mediumAfter'] * hourMs - awake)
    const holding = { since: sign.at, evidence: [sign] } as const
    if (untilHigh <= 0) return { holds: { level: 'high', ...holding } }
    const untilNext = untilMedium > 0 ? untilMedium : untilHigh
    const wakeAt = now + Math.min(judgedEveryMs, untilNext)
    return untilMedium > 0 ? { wakeAt } : { wakeAt, holds: { level: 'medium', ...holding } }
  },
}
