/** What the clock brings about when nobody acts, and what the auditor mends. */
import type { Alarm, AlarmCommand, AlarmState, Deadline } from '../model/alarm.ts'
import { askAnew, askWider } from './asking.ts'
import { type Context, type Decision, ending, happened, refuse } from './decision.ts'
import { nobodyGoes } from './going.ts'

type DeadlineCommand = Extract<AlarmCommand, { type: 'deadline' }>

export const deadline = (alarm: Alarm, command: DeadlineCommand, context: Context): Decision => {
  const due = command.deadline
  if (alarm.deadline?.kind !== due.kind || alarm.deadline.at !== due.at) {
    return refuse('stale-deadline', `the alarm waits for ${alarm.deadline?.kind ?? 'nothing'}`)
  }
  const { now, policy } = context
  const asking = { policy, routing: command.routing, now }
  switch (due.kind) {
    case 'verification':
      return happened(
        { type: 'confirmed', why: 'no-answer' },
        askWider(alarm, { ...asking, reason: 'confirmed' }),
      )
    case 'escalation':
      return happened(askWider(alarm, { ...asking, reason: 'escalation' }))
    case 'lease':
      return happened(
        { type: 'released', reason: 'lease-expired', epoch: alarm.epoch },
        askAnew(alarm, { ...asking, reason: 'lease-expired' }),
      )
    case 'acceptance':
      return nobodyGoes(alarm, { reason: 'no-answer' }, context)
    case 'arrival':
    case 'finish':
    case 'follow-up':
      return happened({
        type: 'overdue',
        what: due.kind,
        deadline: {
          kind: due.kind,
          at: now + (due.kind === 'follow-up' ? policy.followUpAgainMs : policy.overdueAgainMs),
        },
      })
    case 'test-end':
      return happened(...ending(context, 'test'))
  }
}

const waitsFor: Readonly<Record<Exclude<AlarmState, 'closed'>, Deadline['kind']>> = {
  suspected: 'verification',
  offered: 'escalation',
  acknowledged: 'lease',
  dispatched: 'arrival',
  arrived: 'finish',
  resolved: 'follow-up',
}

const waitOf = ({ class: alarmClass, state, accepted }: Alarm): Deadline['kind'] | undefined => {
  if (state === 'closed') return undefined
  if (alarmClass === 'test') return 'test-end'
  return state === 'dispatched' && accepted === false ? 'acceptance' : waitsFor[state]
}

/** Due at once: whatever should have happened meanwhile happens now. */
export const mend = (alarm: Alarm, { now }: Context): Decision => {
  const kind = waitOf(alarm)
  return kind
    ? happened({ type: 'deadline-mended', deadline: alarm.deadline ?? { kind, at: now } })
    : refuse('nothing-to-mend', 'a closed alarm waits for nothing')
}
