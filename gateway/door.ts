/**
 * The one door: devices, people and the clock meet here. Takes commands, asks `decide`, has the journal commit what
 * follows, and only then tells the rest of the house.
 * Never runs an effect before its commit, and never holds an opinion of its own: what is open lives in the journal,
 * the maps here are a copy of it that is thrown away whenever the journal says `conflict`.
 */

import { decide } from './alarm/decide.ts'
import type { Decision } from './alarm/decision.ts'
import { evolve } from './alarm/evolve.ts'
import type { Policy } from './alarm/policy.ts'
import { createInOrder } from './kit/in-order.ts'
import {
  type Alarm,
  type AlarmCommand,
  type AlarmEvent,
  type Asked,
  isOpen,
  type PresetName,
} from './model/alarm.ts'
import type { NewDelivery } from './model/delivery.ts'
import type { ErrorCode, Refusal } from './model/errors.ts'
import type { AlarmId } from './model/ids.ts'
import type { Entry, InboxEntry, Journal } from './model/journal.ts'
import { type AlarmClass, classOf } from './model/kinds.ts'

/** More lost races than this in a row is not contention but a fault. */
const maxConflicts = 8

export type Committed = {
  readonly entries: readonly Entry[]
  readonly alarm: Alarm
  readonly deliveries: readonly NewDelivery[]
}

export type DoorPorts = {
  readonly journal: Journal
  readonly policyOf: (alarmClass: AlarmClass, preset: PresetName) => Policy
  readonly owed: (change: {
    before: Alarm | undefined
    events: readonly AlarmEvent[]
    after: Alarm
    at: number
  }) => readonly NewDelivery[]
  readonly onCommitted: (committed: Committed) => void
}

/** `command` is made once the alarm is at hand: only then is a repeat told from a new alarm. */
export type Ask = {
  readonly command: (alarm: Alarm | undefined) => AlarmCommand
  readonly asked: Asked
  readonly inbox?: InboxEntry
}

/** The message was in the inbox already: nothing happened, and nothing needs to. */
export type Answer = { readonly alarm: Alarm } | { readonly duplicate: true } | Refusal

/** The same may succeed when it is asked again: whoever brought it must not take it for done. */
export const isPassing = (refused: ErrorCode): boolean =>
  refused === 'journal-unavailable' || refused === 'too-busy'

export interface Door {
  /** At start. Answers the open alarms. */
  load(): Promise<readonly Alarm[]>
  /** For what devices bring: about the open alarm with this subject, or about a new one. */
  bySubject(subject: string, ask: Ask): Promise<Answer>
  byId(alarm: AlarmId, ask: Ask): Promise<Answer>
  find(alarm: AlarmId): Promise<Alarm | undefined>
  /** The open alarm with this subject. */
  about(subject: string): Alarm | undefined
  /** Every alarm that still needs a person. */
  open(): Iterable<Alarm>
}

export const createDoor = ({ journal, policyOf, owed, onCommitted }: DoorPorts): Door => {
  const inOrder = createInOrder()
  const known = new Map<AlarmId, Alarm>()
  const openBySubject = new Map<string, AlarmId>()

  const about = (subject: string): Alarm | undefined => {
    const id = openBySubject.get(subject)
    return id && known.get(id)
  }

  const remember = (alarm: Alarm): void => {
    if (isOpen(alarm.state)) {
      known.set(alarm.id, alarm)
      openBySubject.set(alarm.subject, alarm.id)
      return
    }
    known.delete(alarm.id)
    if (openBySubject.get(alarm.subject) === alarm.id) openBySubject.delete(alarm.subject)
  }

  const commit = async (before: Alarm | undefined, events: readonly AlarmEvent[], ask: Ask) => {
    const after = events.reduce<Alarm | undefined>(evolve, before)
    if (!after) throw new Error('a decision without events was committed')
    const { actor, now } = ask.asked
    const deliveries = owed({ before, events, after, at: now })
    const result = await journal.append({
      alarm: after,
      expectedVersion: before?.version ?? 0,
      events,
      actor,
      recordedAt: now,
      deliveries,
      ...(ask.inbox && { inbox: ask.inbox }),
    })
    if (result.ok) {
      remember(after)
      onCommitted({ entries: result.entries, alarm: after, deliveries })
    }
    return { result, after }
  }

  const decideOn = (alarm: Alarm | undefined, { command: make, asked }: Ask): Decision => {
    const command = make(alarm)
    const born =
      command.type === 'raise' ? { class: classOf(command.kind), location: command.location } : undefined
    const about = alarm ?? born
    if (!about) return { refused: 'alarm-not-found' }
    return decide(alarm, command, policyOf(about.class, about.location.preset), asked)
  }

  const attempt = async (
    current: () => Promise<Alarm | undefined>,
    reload: () => Promise<void>,
    ask: Ask,
  ): Promise<Answer> => {
    for (let conflicts = 0; conflicts < maxConflicts; conflicts += 1) {
      const alarm = await current()
      const decision = decideOn(alarm, ask)
      if ('refused' in decision) return decision
      if (decision.events.length === 0 && alarm) return { alarm }
      const { result, after } = await commit(alarm, decision.events, ask)
      if (result.ok) return { alarm: after }
      if (result.why === 'duplicate') return { duplicate: true }
      if (result.why === 'unavailable') return { refused: 'journal-unavailable', detail: result.detail }
      await reload()
    }
    return { refused: 'too-busy', detail: `${maxConflicts} conflicts in a row` }
  }

  const find = async (id: AlarmId): Promise<Alarm | undefined> => known.get(id) ?? (await journal.load(id))

  const refresh = (alarm: Alarm | undefined): void => {
    if (alarm) remember(alarm)
  }

  return {
    async load() {
      const open = (await journal.unfinished()).filter(alarm => isOpen(alarm.state))
      for (const alarm of open) remember(alarm)
      return open
    },
    bySubject: (subject, ask) =>
      inOrder(subject, () =>
        attempt(
          async () => about(subject),
          async () => {
            const stale = openBySubject.get(subject)
            openBySubject.delete(subject)
            if (stale) refresh(await journal.load(stale))
            refresh(await journal.findOpen(subject))
          },
          ask,
        ),
      ),
    async byId(id, ask) {
      const subject = (await find(id))?.subject ?? id
      return inOrder(subject, () =>
        attempt(
          () => find(id),
          async () => {
            known.delete(id)
            refresh(await journal.load(id))
          },
          ask,
        ),
      )
    },
    find,
    about,
    open: () => known.values(),
  }
}
