/** The person at a terminal: gets offers and updates, gives replies, on whatever clock is handed in. */
import type { Clock } from './clock.ts'
import type { Offer, Reply, Update } from './codec.ts'
import type { Random } from './random.ts'
import type { Step, Strategy } from './strategies.ts'

export type AttendantOptions = {
  readonly strategy: Strategy
  readonly clock: Clock
  readonly random: Random
  readonly reply: (reply: Reply) => void
}

export type Attendant = {
  offered(offer: Offer): void
  updated(update: Update): void
  /** Does nothing any more. */
  leave(): void
}

/** Alarms that one person keeps in mind; at the limit the oldest is forgotten. */
const memoryLimit = 200

type Plan = { readonly epoch: number; claimed: boolean; readonly drop: () => void }

const over = (state: string): boolean => state === 'resolved' || state === 'closed'

export const createAttendant = ({ strategy, clock, random, reply }: AttendantOptions): Attendant => {
  const plans = new Map<string, Plan>()

  const forget = (alarm: string) => {
    plans.get(alarm)?.drop()
    plans.delete(alarm)
  }

  const take = (plan: Plan, offer: Offer, { afterMs: _, ...action }: Step) => {
    plan.claimed = action.action === 'acknowledge'
    reply({ alarm: offer.alarm, epoch: offer.epoch, ...action })
  }

  const planFor = (offer: Offer): Plan => {
    const cancels: (() => void)[] = []
    const plan: Plan = { epoch: offer.epoch, claimed: false, drop: () => cancels.forEach(cancel => cancel()) }
    for (const step of strategy(offer, random)) {
      cancels.push(clock.after(step.afterMs, () => take(plan, offer, step)))
    }
    return plan
  }

  return {
    offered: offer => {
      // Also an offer that came again: the gateway asks until it knows that the terminal has it.
      reply({ alarm: offer.alarm, epoch: offer.epoch, action: 'received' })
      if (plans.get(offer.alarm)?.epoch === offer.epoch) return
      forget(offer.alarm)
      const [oldest] = plans.keys()
      if (oldest !== undefined && plans.size >= memoryLimit) forget(oldest)
      plans.set(offer.alarm, planFor(offer))
    },
    updated: ({ alarm, state, refused }) => {
      const plan = plans.get(alarm)
      if (!plan) return
      if (over(state)) forget(alarm)
      // Refused, or taken by somebody else before this person reached for it.
      else if (refused !== undefined || (!plan.claimed && state !== 'offered')) plan.drop()
    },
    leave: () => {
      for (const alarm of plans.keys()) forget(alarm)
    },
  }
}
