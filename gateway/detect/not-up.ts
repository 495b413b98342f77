/** Still in bed long after the usual time of getting up: learned from the resident's own mornings. */
import { z } from 'zod'
import type { WatchContext } from '../model/detection.ts'
import type { Instant } from '../model/ids.ts'
import { evidenceOf } from './evidence.ts'
import { dayMs, isWithin, minuteMs, minutesUntil } from './local-window.ts'
import { nothingHolds, type Rule, SavedEvidence } from './rule.ts'
import { inBedOf } from './signs.ts'

/** Shorter absences are visits to the toilet. */
const upLeastMs = 30 * minuteMs
/** Getting up begins between 04:00 and 14:00. */
const morning = { from: 240, to: 840 }
/** As many as the range of `notUp.nights` allows; the oldest goes. */
const maxMornings = 60
const leastMornings = 3

const Morning = z.object({ day: z.number(), minute: z.number() }).readonly()
const Memory = z
  .object({
    /** Since when in bed, as far as absences were short. */
    entry: SavedEvidence.exactOptional(),
    exitAt: z.number().exactOptional(),
    mornings: z.array(Morning).readonly(),
  })
  .readonly()
type Memory = z.infer<typeof Memory>

/** Minutes after midnight; undefined: too few mornings are known. */
const usualMinute = ({ mornings }: Memory, nights: number): number | undefined => {
  const known = mornings.slice(-nights).map(one => one.minute)
  if (known.length < Math.max(leastMornings, Math.ceil(nights / 2))) return undefined
  const sorted = known.sort((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)] ?? 0
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0
  return (lower + upper) / 2
}

/** When whoever has been in bed since then should be up: after the next usual time, or the one after that for a nap. */
const dueAt = (memory: Memory, { thresholds, localTime }: WatchContext): Instant | undefined => {
  const usual = usualMinute(memory, thresholds['notUp.nights'])
  if (!memory.entry || usual === undefined) return undefined
  const { day, minuteOfDay } = localTime(memory.entry.at)
  const wasUpToday = memory.mornings.at(-1)?.day === day && minuteOfDay < usual
  const waitMinutes = minutesUntil(minuteOfDay, usual) + thresholds['notUp.after']
  return memory.entry.at + waitMinutes * minuteMs + (wasUpToday ? dayMs : 0)
}

/** The first time of a day is when somebody got up; later ones end naps. */
const withMorning = (mornings: Memory['mornings'], exitAt: Instant, { localTime }: WatchContext) => {
  const { day, minuteOfDay: minute } = localTime(exitAt)
  const isMorning = isWithin(morning, minute) && mornings.at(-1)?.day !== day
  return isMorning ? [...mornings.slice(1 - maxMornings), { day, minute }] : mornings
}

export const notUp: Rule<Memory> = {
  name: 'not-up',
  on: 'notUp.on',
  start: { mornings: [] },
  schema: Memory,

  observe(memory, fact, context) {
    const inBed = inBedOf(fact)
    const { entry, exitAt, mornings } = memory
    if (inBed === false) return exitAt === undefined ? { ...memory, exitAt: fact.at } : memory
    if (!inBed || (entry && exitAt === undefined)) return memory
    const newEntry = evidenceOf(fact, 'bed-return')
    if (exitAt === undefined) return { entry: newEntry, mornings }
    const wasUp = fact.at - exitAt >= upLeastMs
    const due = dueAt(memory, context)
    // Whoever has shown up when it was due is not missed again that day.
    const isNewNight = !entry || wasUp || (due !== undefined && exitAt >= due)
    return {
      entry: isNewNight ? newEntry : entry,
      mornings: wasUp ? withMorning(mornings, exitAt, context) : mornings,
    }
  },

  judge(memory, now, context) {
    const due = dueAt(memory, context)
    const { entry, exitAt } = memory
    if (!entry || exitAt !== undefined || due === undefined) return nothingHolds
    return now < due
      ? { wakeAt: due }
      : {
          holds: {
            level: 'medium',
            since: due - context.thresholds['notUp.after'] * minuteMs,
            evidence: [entry],
          },
        }
  },
}
