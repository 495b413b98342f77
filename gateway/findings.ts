/** Brings what detection finds to the door: a rise raises an alarm or makes it louder, an end is shown on it. */
import { type Door, isPassing } from './door.ts'
import type { Alarm, AlarmCommand, FoundBy, Location } from './model/alarm.ts'
import type { Clock } from './model/clock.ts'
import { type Finding, homeRules, type RuleName } from './model/detection.ts'
import type { AlarmId } from './model/ids.ts'
import type { AlarmKind } from './model/kinds.ts'
import type { Whereabouts } from './whereabouts.ts'

/** What further triggers must match. The home belongs to it: a device that has moved rings for where it is now. */
export const subjectOf = ({ device, home }: Location, kind: AlarmKind): string =>
  `${device ?? ''}@${home ?? ''}/${kind}`

/**
 * Whose end takes a mere suspicion away: life goes on after all. A heart that beats normally again does not: somebody
 * should look.
 */
const endsSuspicion: ReadonlySet<RuleName> = new Set<RuleName>([
  'bed-exit',
  'not-up',
  'bathroom-stay',
  'inactivity',
  'door-at-night',
])

const isHomeRule = (rule: RuleName): boolean => homeRules.some(one => one === rule)

/** Killed between a commit and the saving of the rule's state, the gateway finds the same again: that is no news. */
const isOn = ({ found }: Alarm, { rule, level, since }: Finding): boolean =>
  found?.rule === rule && found.level === level && found.since === since

export type FindingsPorts = {
  readonly door: Door
  readonly whereabouts: Whereabouts
  readonly clock: Clock
  readonly newAlarmId: () => AlarmId
}

/** Resolves true once it is committed, or needs nothing; false: try again. */
export type Report = (finding: Finding) => Promise<boolean>

export const createFindings = ({ door, whereabouts, clock, newAlarmId }: FindingsPorts): Report => {
  const locate = ({ rule, device, home }: Finding): Location =>
    home && isHomeRule(rule) ? whereabouts.locateHome(home) : whereabouts.locate(device)

  return async finding => {
    const { rule, kind, level, since, evidence, verificationMs } = finding
    // A lie that has ended takes nothing back: there was a fall.
    if (rule === 'fall-still' && finding.change === 'ended') return true
    const now = clock.now()
    const location = locate(finding)
    const subject = subjectOf(location, kind)
    const open = door.about(subject)
    if (finding.change === 'risen' && open && isOn(open, finding)) return true
    const found: FoundBy = { rule, level, since, evidence }
    const risen = (alarm: Alarm | undefined): AlarmCommand => {
      const routing = whereabouts.route(kind, alarm?.location ?? location)
      const occurrence = { receivedAt: now, found }
      return alarm
        ? { type: 'repeat', occurrence, routing, priority: level }
        : {
            type: 'raise',
            id: newAlarmId(),
            kind,
            subject,
            location: { ...location, device: finding.device },
            occurrence,
            routing,
            priority: level,
            ...(verificationMs !== undefined && { verificationMs }),
          }
    }
    const ended = (): AlarmCommand => ({
      type: 'clear',
      occurrence: { receivedAt: now, found },
      endsSuspicion: endsSuspicion.has(rule),
    })
    const answer = await door.bySubject(subject, {
      command: finding.change === 'risen' ? risen : ended,
      asked: { actor: { kind: 'rule', id: rule }, now },
    })
    return !('refused' in answer && isPassing(answer.refused))
  }
}
