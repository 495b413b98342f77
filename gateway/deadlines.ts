/**
 * Takes alarms as they change. Gives the door a command when a deadline comes due.
 * The auditor beside it reads the deadlines from their own table: it reports and mends an open alarm without one, and
 * fires what is overdue, whatever became of the timers here (a clock that was set, a machine that slept).
 */
import { type Answer, type Door, isPassing } from './door.ts'
import { type Alarm, type Deadline, isOpen } from './model/alarm.ts'
import type { Clock } from './model/clock.ts'
import type { AlarmId } from './model/ids.ts'
import type { Journal } from './model/journal.ts'
import type { Whereabouts } from './whereabouts.ts'

export type Problem = 'without-deadline' | 'overdue' | 'not-committed' | 'failed'

export type DeadlinePorts = {
  readonly door: Door
  readonly journal: Journal
  readonly whereabouts: Whereabouts
  readonly clock: Clock
  readonly auditIntervalMs: number
  /** No deadline of this kind can lie further ahead, unless the clock was set back since it was written. */
  readonly longestWaitMs: (alarm: Alarm, kind: Deadline['kind']) => number
  readonly report: (problem: Problem, alarm?: AlarmId) => void
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
  const timers = new Map<AlarmId, { readonly deadline: Deadline; readonly cancel: () => void }>()
  let cancelAudit: (() => void) | undefined
  let stopped = false

  const drop = (alarm: AlarmId): void => {
    timers.get(alarm)?.cancel()
    timers.delete(alarm)
  }

  const wait = (alarm: AlarmId, deadline: Deadline, delayMs: number): void => {
    drop(alarm)
    if (stopped) return
    const cancel = clock.after(delayMs, () => {
      timers.delete(alarm)
      void fire(alarm, deadline)
    })
    timers.set(alarm, { deadline, cancel })
  }

  const ask = (id: AlarmId, deadline: Deadline): Promise<Answer> =>
    door.byId(id, {
      command: alarm => ({
        type: 'deadline',
        deadline,
        routing: alarm ? whereabouts.route(alarm.kind, alarm.location) : noRouting,
      }),
      asked: { actor: { kind: 'clock' }, now: clock.now() },
    })

  /** Whatever goes wrong with one alarm: it is tried again, and the others are not held up. */
  const fire = async (id: AlarmId, deadline: Deadline): Promise<void> => {
    try {
      const answer = await ask(id, deadline)
      if (!('refused' in answer && isPassing(answer.refused))) return
      ports.report('not-committed', id)
    } catch {
      ports.report('failed', id)
    }
    wait(id, deadline, retryMs)
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
      await fire(id, deadline)
    }
  }

  const auditAgain = (): void => {
    cancelAudit = clock.after(ports.auditIntervalMs, () => {
      audit()
        .catch(() => ports.report('failed'))
        .finally(() => !stopped && auditAgain())
    })
  }

  return {
    watch(alarm) {
      const { id, deadline, state } = alarm
      // A follow-up is due in days, and there may be many: the auditor sees to those.
      if (!deadline || !isOpen(state)) return drop(id)
      const running = timers.get(id)?.deadline
      // A timer that runs goes by elapsed time: it must not be set anew by a clock that was changed meanwhile.
      if (running?.kind === deadline.kind && running.at === deadline.at) return
      const delayMs = deadline.at - clock.now()
      wait(id, deadline, Math.min(delayMs, ports.longestWaitMs(alarm, deadline.kind)))
    },
    start: auditAgain,
    stop() {
      stopped = true
      cancelAudit?.()
      for (const { cancel } of timers.values()) cancel()
      timers.clear()
    },
    audit,
  }
}

const noRouting = { candidates: [], passedOver: { closed: 0, suspended: 0, incapable: 0 } } as const
