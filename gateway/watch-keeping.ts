/**
 * The watch at the consoles, put together: the shift with its hand-overs, the alarms that go over with it, and the alarm
 * that rings when nobody is there to answer.
 */
import { randomUUID, randomUUIDv7 } from 'node:crypto'
import { createConsoles } from './consoles.ts'
import type { Core } from './core.ts'
import { isPassing } from './door.ts'
import { createInOrder } from './kit/in-order.ts'
import { type AlarmCommand, isOpen } from './model/alarm.ts'
import type { Clock } from './model/clock.ts'
import type { Refusal } from './model/errors.ts'
import { AlarmId, type UserId } from './model/ids.ts'
import type { By } from './model/provisioning.ts'
import type { Accepted, Consoles, HandOver, Kept, ShiftBook, Unattended, Watch } from './model/shift.ts'
import type { Papers } from './model/vault.ts'
import { offeredTo } from './shift/decide.ts'

/** What the journal or the disk could not take is tried again. */
const tellAgainMs = 10_000
/** Nobody tells when somebody's rights have changed: it is looked at this often. */
const lookAgainMs = 10_000

const subject = 'gateway/nobody-on-duty'

type Ports = {
  readonly book: ShiftBook
  readonly core: Pick<Core, 'door' | 'desk' | 'whereabouts'>
  readonly papers: Papers
  readonly clock: Clock
  /** How long everybody on duty may be without an open console. */
  readonly absentMs: number
  /** Whether somebody may work at a console, as it is now. */
  readonly mayWatch: (user: UserId) => boolean
  readonly log: { error(facts: object, message: string): void }
}

export interface WatchKeeping {
  readonly watch: Watch
  readonly consoles: Consoles
  /** After the open alarms have been loaded. */
  start(): void
  stop(): void
}

const whyOf: Readonly<Record<Unattended, string>> = {
  nobody: '无人值班 nobody is on duty',
  'no-console': '值班人员均未打开值班台 nobody on duty has a console open',
}

/** Rings, or ends by itself. Resolves false when the journal could not take it. */
const tellUnattended = async (
  { core: { door, whereabouts }, clock }: Ports,
  unattended: Unattended | undefined,
): Promise<boolean> => {
  const now = clock.now()
  const open = door.about(subject)
  // Killed before it was written down that it rings, the gateway finds the same again: that is no news.
  if ((open === undefined) === (unattended === undefined)) return true
  // In no area: every seat sees it, because nobody knows which of them is looked at.
  const location = whereabouts.locateHome(undefined)
  const occurrence = { receivedAt: now, data: unattended ? { why: whyOf[unattended] } : {} }
  const command: AlarmCommand = unattended
    ? {
        type: 'raise',
        id: AlarmId.parse(randomUUIDv7()),
        kind: 'nobody-on-duty',
        subject,
        location,
        occurrence,
        routing: whereabouts.route('nobody-on-duty', location),
      }
    : { type: 'clear', occurrence }
  const answer = await door.bySubject(subject, {
    command: () => command,
    asked: { actor: { kind: 'rule', id: 'nobody-on-duty' }, now },
  })
  return !('refused' in answer && isPassing(answer.refused))
}

/** Hands one alarm over. Undefined: it has gone, now or at a try before. */
const transfer = async (
  { door, desk }: Ports['core'],
  id: AlarmId,
  { from, to }: { readonly from: By; readonly to: By },
): Promise<Refusal | undefined> => {
  const alarm = await door.find(id)
  if (!alarm) return { refused: 'alarm-not-found' }
  if (!isOpen(alarm.state)) return { refused: 'already-resolved' }
  const holder = alarm.holder?.kind === 'user' ? alarm.holder.id : undefined
  if (holder === to.id) return undefined
  if (holder !== from.id) return { refused: 'not-holder' }
  const person = { kind: 'user', ...to } as const
  const done = await desk.act(id, { type: 'transfer', epoch: alarm.epoch, to: person }, person)
  return 'refused' in done ? done : undefined
}

/** Whoever may not work at a console any more is not on duty: the last one who may is the last one. Throws if the disk refuses. */
const strikeOff = ({ book, mayWatch }: Pick<Ports, 'book' | 'mayWatch'>): void => {
  for (const { user } of book.now().onDuty) if (!mayWatch(user.id)) book.strikeOff(user)
}

const heldBy = ({ door }: Pick<Core, 'door'>, { id }: By): readonly AlarmId[] =>
  [...door.open()].filter(({ holder }) => holder?.kind === 'user' && holder.id === id).map(alarm => alarm.id)

const createWatch = (ports: Ports, onChange: () => void): Watch => {
  const { book, core, papers, clock } = ports
  const inOrder = createInOrder()
  /** One act at a time: what is being accepted cannot be withdrawn meanwhile. */
  const oneAtATime = <T>(act: () => T | Promise<T>): Promise<T> =>
    inOrder('shift', async () => {
      try {
        strikeOff(ports)
        return await act()
      } finally {
        onChange()
      }
    })

  const offer = (by: By, to: By, note?: string) => {
    const id = randomUUID()
    const alarms = heldBy(core, by)
    const paper = note ? papers.keep(note, {}, clock.now()) : undefined
    if (paper && 'refused' in paper) return paper
    const command = { type: 'hand-over', id, to, alarms, ...(paper && { note: paper.ref }) } as const
    const refusal = book.act(command, by)
    if (refusal && paper) papers.drop(paper.ref)
    return refusal ?? offeredTo(book.now(), to, id) ?? { refused: 'not-found' as const }
  }

  /** What was offered, and what its giver has taken on since, also while it goes over. */
  const moved = async ({ from, to, alarms }: HandOver): Promise<Accepted | Refusal> => {
    const transferred: AlarmId[] = []
    const kept: Kept[] = []
    const tried = new Set<AlarmId>()
    const next = () => [...alarms, ...heldBy(core, from)].find(alarm => !tried.has(alarm))
    for (let alarm = next(); alarm !== undefined; alarm = next()) {
      tried.add(alarm)
      const refusal = await transfer(core, alarm, { from, to })
      if (refusal && isPassing(refusal.refused)) return refusal
      if (refusal) kept.push({ alarm, why: refusal.refused })
      else transferred.push(alarm)
    }
    return { transferred, kept }
  }

  const accept = async (by: By, id: string): Promise<Accepted | Refusal> => {
    const offer = offeredTo(book.now(), by, id)
    const done = offer ? await moved(offer) : { transferred: [], kept: [] }
    return 'refused' in done ? done : (book.act({ type: 'accept', id, ...done }, by) ?? done)
  }

  return {
    now: book.now,
    latest: book.latest,
    noteOf: ({ note }) => (note === undefined ? undefined : papers.text(note)),
    takeOver: by => oneAtATime(() => book.act({ type: 'take-over' }, by)),
    handOver: (by, to, note) => oneAtATime(() => offer(by, to, note)),
    accept: (by, id) => oneAtATime(() => accept(by, id)),
    withdraw: by => oneAtATime(() => book.act({ type: 'withdraw' }, by)),
    leave: (by, leaveEmpty) => oneAtATime(() => book.act({ type: 'leave', leaveEmpty }, by)),
  }
}

export const createWatchKeeping = (ports: Ports): WatchKeeping => {
  const { book, core, clock, absentMs, log } = ports
  const inOrder = createInOrder()
  /** Everybody on duty has been without a console for too long. Before a restart, too: then somebody has to come first. */
  let isAbsent = book.now().unattendedSince !== undefined
  let cancelAbsence: (() => void) | undefined
  let cancelTelling: (() => void) | undefined
  let cancelLooking: (() => void) | undefined
  let isRunning = false

  const unattended = (): Unattended | undefined => {
    const { isUsed, onDuty } = book.now()
    if (!isUsed) return undefined
    if (onDuty.length === 0) return 'nobody'
    return isAbsent ? 'no-console' : undefined
  }

  /** To the journal first: what is written down here has rung. What rings may not have been written down: killed in between. */
  const tell = async (): Promise<void> => {
    const found = unattended()
    const isWritten = book.now().unattendedSince !== undefined
    if (found ? isWritten : !isWritten && !core.door.about(subject)) return
    try {
      if (await tellUnattended(ports, found)) return book.found(found)
    } catch (err) {
      log.error({ err }, 'it could not be told whether anybody is on duty')
    }
    if (isRunning) cancelTelling = clock.after(tellAgainMs, tellInOrder)
  }
  const tellInOrder = (): void => {
    cancelTelling?.()
    void inOrder('tell', tell)
  }

  const look = (): void => {
    if (!isRunning) return
    try {
      strikeOff(ports)
    } catch (err) {
      log.error({ err }, 'it could not be written down who is not on duty any more')
    }
    const { onDuty } = book.now()
    const isThere = onDuty.some(({ user }) => consoles.isOpen(user.id))
    if (isThere || onDuty.length === 0) {
      isAbsent = false
      cancelAbsence?.()
      cancelAbsence = undefined
    } else if (!isAbsent) {
      cancelAbsence ??= clock.after(absentMs, () => {
        cancelAbsence = undefined
        isAbsent = true
        tellInOrder()
      })
    }
    tellInOrder()
  }

  const lookAgain = (): void => {
    cancelLooking = clock.after(lookAgainMs, lookAgain)
    look()
  }

  const consoles = createConsoles(look)
  return {
    watch: createWatch(ports, look),
    consoles,
    start() {
      isRunning = true
      lookAgain()
    },
    stop() {
      isRunning = false
      cancelAbsence?.()
      cancelTelling?.()
      cancelLooking?.()
    },
  }
}
