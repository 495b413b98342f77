/** Who is asked next: walks the steps of a policy over what the route stage found. */
import type { Alarm, AlarmEvent, OfferReason, Recipient } from '../model/alarm.ts'
import type { Instant, PointId } from '../model/ids.ts'
import type { Candidate, Routing } from '../model/routing.ts'
import type { Policy } from './policy.ts'

export type Asking = {
  readonly policy: Policy
  readonly routing: Routing
  readonly now: Instant
  readonly reason: OfferReason
}

type Round = {
  readonly epoch: number
  /** The level that this round stands on: its steps are done. */
  readonly level: number
  /** Walk at least this far before stopping at somebody who can hear. */
  readonly atLeast: number
  readonly asked: readonly Recipient[]
  /** Who just gave the alarm back is not the first to be asked again. */
  readonly without?: PointId
}

const asRecipient = (candidate: Candidate): Recipient => ({
  kind: 'point',
  point: candidate.point,
  rank: candidate.rank,
  travelMinutes: candidate.travelMinutes,
  reachable: candidate.reachable,
})

const samePlace = (a: Recipient, b: Recipient): boolean =>
  a.kind === 'point' ? b.kind === 'point' && a.point === b.point : a.kind === b.kind

const canHear = (recipient: Recipient): boolean => recipient.kind !== 'point' || recipient.reachable

const firstNotAsked = (
  routing: Routing,
  asked: readonly Recipient[],
  without?: PointId,
): Recipient | undefined => {
  const free = routing.candidates.find(
    candidate =>
      candidate.point !== without &&
      !asked.some(one => one.kind === 'point' && one.point === candidate.point),
  )
  return free && asRecipient(free)
}

const recipientOf = (
  step: Policy['steps'][number],
  {
    routing,
    asked,
    without,
  }: { routing: Routing; asked: readonly Recipient[]; without: PointId | undefined },
): Recipient | undefined => {
  switch (step.ask) {
    case 'nearest':
    case 'next':
      return firstNotAsked(routing, asked, without)
    case 'county':
      return { kind: 'county', ...(routing.county && { area: routing.county }) }
    case 'city':
      return { kind: 'city', ...(routing.city && { area: routing.city }) }
  }
}

/** How long to wait on `level` before the next step, or before asking everybody again. */
const patienceMs = (policy: Policy, level: number): number => {
  const here = policy.steps[level - 1]
  const next = policy.steps[level]
  return here && next ? next.afterMs - here.afterMs : policy.askAgainMs
}

const offer = (round: Round, { policy, routing, now, reason }: Asking): AlarmEvent => {
  const recipients: Recipient[] = []
  let level = round.level
  // A step that reaches nobody who can hear does not wait for its time: the next is taken with it.
  while (level < policy.steps.length && (level < round.atLeast || !recipients.some(canHear))) {
    const step = policy.steps[level]
    level += 1
    if (!step) break
    const recipient = recipientOf(step, {
      routing,
      asked: [...round.asked, ...recipients],
      without: round.without,
    })
    if (recipient) recipients.push(recipient)
  }
  return {
    type: 'offered',
    reason,
    level,
    epoch: round.epoch,
    recipients,
    ...(routing.noPoint && { noPoint: routing.noPoint, passedOver: routing.passedOver }),
    deadline: { kind: 'escalation', at: now + patienceMs(policy, level) },
  }
}

/** As the point is now: its terminal may have come or gone since it was asked. */
const renewed = (recipient: Recipient, routing: Routing): Recipient => {
  if (recipient.kind !== 'point') return recipient
  const now = routing.candidates.find(candidate => candidate.point === recipient.point)
  return now ? asRecipient(now) : recipient
}

/** Everybody again, and the best point that can hear by now, should it not be among them. */
const askAgain = (alarm: Alarm, { policy, routing, now, reason }: Asking): AlarmEvent => {
  const better = firstNotAsked(routing, alarm.asked)
  const newcomer =
    policy.steps.some(step => step.ask === 'nearest') && better && canHear(better) ? [better] : []
  return {
    type: 'offered',
    reason,
    level: alarm.level,
    epoch: alarm.epoch,
    recipients: [...newcomer, ...alarm.asked.map(one => renewed(one, routing))],
    ...(routing.noPoint && { noPoint: routing.noPoint, passedOver: routing.passedOver }),
    deadline: { kind: 'escalation', at: now + policy.askAgainMs },
  }
}

/** The first asking of a new alarm. */
export const askFirst = (asking: Asking): AlarmEvent =>
  offer({ epoch: 1, level: 0, atLeast: 1, asked: [] }, asking)

/** One step wider; after the last step, everybody again. */
export const askWider = (alarm: Alarm, asking: Asking): AlarmEvent =>
  alarm.level >= asking.policy.steps.length
    ? askAgain(alarm, asking.reason === 'escalation' ? { ...asking, reason: 'asked-again' } : asking)
    : offer({ epoch: alarm.epoch, level: alarm.level, atLeast: alarm.level + 1, asked: alarm.asked }, asking)

/**
 * A claim has ended without the work being done: a new epoch, asked at once as wide as before, and as wide as the
 * plan stands by now, because the resident has waited all that time.
 */
export const askAnew = (alarm: Alarm, asking: Asking): AlarmEvent => {
  const waitedMs = asking.now - alarm.receivedAt
  const dueSteps = asking.policy.steps.filter(step => step.afterMs <= waitedMs).length
  return offer(
    {
      epoch: alarm.epoch + 1,
      level: 0,
      atLeast: Math.max(alarm.level, dueSteps),
      asked: [],
      ...(alarm.holder?.kind === 'point' && { without: alarm.holder.id }),
    },
    asking,
  )
}

/** Adds newly asked recipients, each place once, with its newest travel time. */
export const mergeAsked = (asked: readonly Recipient[], more: readonly Recipient[]): readonly Recipient[] => [
  ...asked.filter(old => !more.some(one => samePlace(one, old))),
  ...more,
]
