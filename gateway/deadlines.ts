/**
 * Takes alarms as they change. Gives the door a command when a deadline comes due.
 * The auditor beside it reads the deadlines from their own table: it reports and mends an open alarm without one, and
 * fires what is overdue, whatever became of the timers here (a clock that was set, a machine that slept).
 */
import type { Answer, Door } from './door.ts'
import type { Alarm, Deadline } from './model/alarm.ts'
import type { Clock } from './model/clock.ts'
import type { AlarmId } from './model/ids.ts'
import type { Journal } from './model/journal.ts'
import type { Whereabouts } from './whereabouts.ts'

export type DeadlinePorts = {
  readonly door: Door
  readonly journal: Journal
  readonly whereabouts: Whereabouts
  readonly clock: Clock
  readonly auditIntervalMs: number
  readonly report: (problem: 'without-deadline' | 'overdue' | 'journal-unavailable', alarm?: AlarmId) => void
}

export interface Deadlines {
  /** Follows this alarm from now on: the newest word counts. */
  watch(alarm: Alarm): void
  start(): void
  stop(): void
  /** One round of the auditor, now. */
  audit(): Promise<void>
}

/** While the journal cannot be written a due deadline is tried again this often. */
const retryMs = 1_000
/** A deadline this long past was missed by its timer. */
const missedAfterMs = 5_000

export const createDeadlines = (ports: DeadlinePorts): Deadlines => {
  const { door, journal, whereabouts, clock } = ports
  const timers = new Map<AlarmId, () => void>()
  let cancelAudit: (() => void) | undefined
  let stopped = false

  const drop = (alarm: AlarmId): void => {
    timers.get(alarm)?.()
    timers.delete(alarm)
  }

  const wait = (alarm: AlarmId, deadline: Deadline, delayMs: number): void => {
    drop(alarm)
    if (!stopped)
      timers.set(
        alarm,
        clock.after(delayMs, () => void fire(alarm, deadline)),
      )
  }

  const fire = async (id: AlarmId, deadline: Deadline): Promise<void> => {
    timers.delete(id)
    const answer: Answer = await door.byId(id, {
      command: alarm => ({
        type: 'deadline',
        deadline,
        routing: alarm ? whereabouts.route(alarm.kind, alarm.location) : noRouting,
      }),
      asked: { actor: { kind: 'clock' }, now: clock.now() },
    })
    if (!('refused' in answer)) return
    if (answer.refused === 'journal-unavailable' || answer.refused === 'too-busy') {
      ports.report('journal-unavailable', id)
      wait(id, deadline, retryMs)
    }
  }

  const mend = (id: AlarmId): Promise<Answer> => {
    ports.report('without-deadline', id)
    return door.byId(id, {
      command: () => ({ type: 'mend' }),
      asked: { actor: { kind: 'auditor' }, now: clock.now() },
    })
  }

  const audit = async (): Promise<void> => {
    const { withoutDeadline, overdue } = await journal.audit(clock.now() - missedAfterMs)
    for (const id of withoutDeadline) await mend(id)
    for (const [id, deadline] of overdue) {
      ports.report('overdue', id)
      drop(id)
      await fire(id, deadline)
    }
  }

  const auditAgain = (): void => {
    cancelAudit = clock.after(ports.auditIntervalMs, () => {
      audit()
        .catch(() => ports.report('journal-unavailable'))
        .finally(() => !stopped && auditAgain())
    })
  }

  return {
    watch(alarm) {
      if (alarm.deadline) wait(alarm.id, alarm.deadline, alarm.deadline.at - clock.now())
      else drop(alarm.id)
    },
    start: auditAgain,
    stop() {
      stopped = true
      cancelAudit?.()
      for (const cancel of timers.values()) cancel()
      timers.clear()
    },
    audit,
  }
}

const noRouting = { candidates: [], passedOver: { closed: 0, suspended: 0, incapable: 0 } } as const
