/** In what order lists of alarms run, and the cursor that says how far one has come. The same in every adapter. */
import type { Alarm } from '../model/alarm.ts'
import type { Instant } from '../model/ids.ts'
import type { AlarmQuery } from '../model/journal.ts'
import { type AlarmClass, priorities } from '../model/kinds.ts'

const classRank: Readonly<Record<AlarmClass, number>> = {
  call: 0,
  hazard: 0,
  inferred: 1,
  technical: 2,
  service: 3,
  test: 4,
}

/** Smaller is more urgent: by priority, and what a person or a hazard says before what a machine has inferred. */
export const urgencyRank = (alarm: Pick<Alarm, 'priority' | 'class'>): number =>
  priorities.indexOf(alarm.priority) * 10 + classRank[alarm.class]

/** The place of an alarm in a list. The id makes it unique, so that a page starts exactly after the one before. */
export type Place = {
  readonly rank: number
  readonly receivedAt: Instant
  /** Of its deadline; 0 without one. */
  readonly dueAt: Instant
  readonly id: string
}

export const placeOf = (alarm: Alarm): Place => ({
  rank: urgencyRank(alarm),
  receivedAt: alarm.receivedAt,
  dueAt: alarm.deadline?.at ?? 0,
  id: alarm.id,
})

/** By code unit. Ids are ASCII, for which SQLite's order of bytes is the same. */
export const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

export const comparePlaces: Readonly<Record<AlarmQuery['order'], (a: Place, b: Place) => number>> = {
  received: (a, b) => b.receivedAt - a.receivedAt || compareText(b.id, a.id),
  urgency: (a, b) => a.rank - b.rank || a.receivedAt - b.receivedAt || compareText(a.id, b.id),
  due: (a, b) => a.dueAt - b.dueAt || compareText(a.id, b.id),
}

export const cursorAt = ({ rank, receivedAt, dueAt, id }: Place): string =>
  [rank, receivedAt, dueAt, id].join('_')

const cursorShape = /^([12]?[0-4])_(-?\d+(?:\.\d+)?)_(-?\d+(?:\.\d+)?)_(.+)$/s

/** A cursor that no journal has given is undefined: the list then starts at its beginning and hides nothing. */
export const readCursor = (cursor: string | undefined): Place | undefined => {
  const [, rank, receivedAt, dueAt, id] = cursor?.match(cursorShape) ?? []
  if (rank === undefined || receivedAt === undefined || dueAt === undefined || id === undefined)
    return undefined
  return { rank: Number(rank), receivedAt: Number(receivedAt), dueAt: Number(dueAt), id }
}
