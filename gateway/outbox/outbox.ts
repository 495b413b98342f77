/**
 * Takes what the journal owes (at start, and after each commit) and what terminals confirm.
 * Gives messages to terminals, devices and the webhook, and the outcome of each back to the journal.
 * Never changes an alarm, and never forgets: what cannot be sent now stays owed until it is sent, no longer true, or
 * a day too old.
 */
import type { Alarm } from '../model/alarm.ts'
import type { Clock } from '../model/clock.ts'
import type {
  Delivery,
  DeliveryState,
  DeliveryUpdate,
  FailureOutcome,
  NewDelivery,
} from '../model/delivery.ts'
import type { AlarmId } from '../model/ids.ts'
import { feedbackStage } from './owed.ts'
import { createSettlements } from './settlements.ts'
import { createTasks, type Task } from './tasks.ts'

/** `sent`: it left, but only the receiver's own reply will confirm it. */
export type SendOutcome =
  | { readonly state: 'delivered' | 'sent' }
  /** Nobody is there: wait until the receiver comes back. */
  | { readonly state: 'away' }
  | { readonly state: 'failed'; readonly outcome: FailureOutcome; readonly reason: string }

export type OutboxPorts = {
  /** Renders and sends one delivery from the alarm as it is now. */
  readonly send: (delivery: NewDelivery, alarm: Alarm) => Promise<SendOutcome>
  readonly alarm: (id: AlarmId) => Promise<Alarm | undefined>
  readonly settle: (updates: readonly DeliveryUpdate[]) => Promise<boolean>
  readonly clock: Clock
  /** Told of each settled delivery, for the metrics. */
  readonly onSettled?: (kind: NewDelivery['kind'], update: DeliveryUpdate) => void
}

export type OutboxLimits = {
  /** How long a terminal may take to say `received` before the offer is sent again. */
  readonly confirmTimeoutMs: number
  /** The longest pause between two tries. */
  readonly retryMaxMs: number
  /** What is older than this and still not sent is given up, on record. */
  readonly maxAgeMs: number
  /** Calls of the webhook under way at once; further ones wait their turn. */
  readonly maxNoticesInFlight: number
}

export interface Outbox {
  /** At start: what was owed when the gateway stopped. */
  resume(pending: readonly Delivery[]): void
  /** After a commit. */
  owe(deliveries: readonly NewDelivery[], alarm: Alarm): void
  /** The receiver's own word that it has the offer of this epoch. */
  confirm(recipient: string, alarm: AlarmId, epoch: number): void
  /** The receiver is back: whatever waits for it goes now. */
  wake(recipient: string): void
  /** An offer of this alarm is still owed to this recipient. */
  owesOffer(recipient: string, alarm: AlarmId): boolean
  readonly pending: number
  stop(): Promise<void>
}

const expiryIntervalMs = 600_000

/** Is it still true, and still of use? */
const stillOwed = ({ kind, topic }: NewDelivery, alarm: Alarm): boolean => {
  switch (kind) {
    case 'offer':
      return alarm.state === 'offered' && topic === String(alarm.epoch)
    case 'feedback':
      return topic.startsWith(`${feedbackStage(alarm)}/`)
    case 'prompt':
      return alarm.state === 'suspected'
    case 'update':
    case 'notice':
      return true
  }
}

export const createOutbox = (ports: OutboxPorts, limits: OutboxLimits): Outbox => {
  const { clock } = ports
  const tasks = createTasks()
  const settlements = createSettlements(ports.settle, clock)
  let stopped = false
  let noticesInFlight = 0
  const noticesWaiting: Task[] = []

  const settle = (
    task: Task,
    state: Exclude<DeliveryState, 'pending'>,
    why?: { outcome?: FailureOutcome; reason: string },
  ): void => {
    if (!tasks.remove(task)) return
    task.cancelTimer?.()
    const update: DeliveryUpdate = {
      id: task.delivery.id,
      state,
      attempts: task.attempts,
      settledAt: clock.now(),
      ...why,
    }
    settlements.add(update)
    ports.onSettled?.(task.delivery.kind, update)
  }

  /** Still owed, but on record that a try did not get through, and why. */
  const record = (task: Task, outcome: FailureOutcome, reason: string): void =>
    settlements.add({ id: task.delivery.id, state: 'pending', outcome, reason, attempts: task.attempts })

  const retryLater = (task: Task, outcome: FailureOutcome, reason: string): void => {
    const delayMs = Math.min(limits.confirmTimeoutMs * 2 ** (task.attempts - 1), limits.retryMaxMs)
    task.cancelTimer = clock.after(delayMs, () => {
      record(task, outcome, reason)
      attempt(task)
    })
  }

  const onOutcome = (task: Task, outcome: SendOutcome): void => {
    task.busy = false
    if (stopped || !tasks.has(task)) return
    if (outcome.state === 'delivered') return settle(task, 'delivered')
    if (task.wokenMeanwhile) return attempt(task)
    switch (outcome.state) {
      case 'away':
        return record(task, 'transient', 'not connected')
      case 'sent':
        return retryLater(task, 'ambiguous', 'not confirmed')
      case 'failed': {
        const { outcome: failure, reason } = outcome
        if (failure === 'permanent') return settle(task, 'failed', { outcome: failure, reason })
        return retryLater(task, failure, reason)
      }
    }
  }

  const transmit = async (task: Task): Promise<void> => {
    const alarm = await ports.alarm(task.delivery.alarm)
    if (!alarm || !stillOwed(task.delivery, alarm)) {
      settle(task, 'not-owed', { reason: alarm ? 'no longer true' : 'the alarm is gone' })
      return
    }
    if (clock.now() - task.delivery.createdAt > limits.maxAgeMs) {
      settle(task, 'failed', { outcome: 'permanent', reason: 'too old to be of use' })
      return
    }
    task.attempts += 1
    onOutcome(task, await ports.send(task.delivery, alarm))
  }

  const noticeEnded = (): void => {
    noticesInFlight -= 1
    // Whoever has been settled meanwhile takes no place.
    while (noticesInFlight < limits.maxNoticesInFlight) {
      const next = noticesWaiting.shift()
      if (!next) return
      attempt(next)
    }
  }

  const attempt = (task: Task): void => {
    if (stopped || task.busy || !tasks.has(task)) return
    const isNotice = task.delivery.kind === 'notice'
    if (isNotice && noticesInFlight >= limits.maxNoticesInFlight) {
      noticesWaiting.push(task)
      return
    }
    if (isNotice) noticesInFlight += 1
    task.cancelTimer?.()
    task.busy = true
    task.wokenMeanwhile = false
    void transmit(task)
      .catch((error: unknown) =>
        onOutcome(task, { state: 'failed', outcome: 'transient', reason: String(error) }),
      )
      .finally(() => isNotice && noticeEnded())
  }

  /** A newer word to the same receiver about the same alarm makes the older ones needless. */
  const supersede = (newer: NewDelivery): void => {
    if (newer.kind === 'notice') return
    for (const task of tasks.of(newer.recipient, newer.alarm)) {
      if (task.delivery.kind === newer.kind && !task.busy) settle(task, 'not-owed', { reason: 'superseded' })
    }
  }

  const expire = (): void => {
    for (const task of tasks.all()) {
      if (clock.now() - task.delivery.createdAt > limits.maxAgeMs) {
        settle(task, 'failed', { outcome: 'permanent', reason: 'too old to be of use' })
      }
    }
    cancelExpiry = clock.after(expiryIntervalMs, expire)
  }
  let cancelExpiry = clock.after(expiryIntervalMs, expire)

  return {
    resume(pending) {
      for (const delivery of pending) attempt(tasks.add(delivery, delivery.attempts))
    },
    owe(deliveries, alarm) {
      for (const delivery of deliveries) supersede(delivery)
      for (const task of tasks.about(alarm.id)) {
        if (!stillOwed(task.delivery, alarm)) settle(task, 'not-owed', { reason: 'no longer true' })
      }
      for (const delivery of deliveries) attempt(tasks.add(delivery, 0))
    },
    confirm(recipient, alarm, epoch) {
      for (const task of tasks.of(recipient, alarm)) {
        const { kind, topic } = task.delivery
        if (kind === 'offer' && topic === String(epoch)) settle(task, 'delivered')
      }
    },
    wake(recipient) {
      for (const task of tasks.to(recipient)) {
        task.wokenMeanwhile = true
        attempt(task)
      }
    },
    owesOffer: (recipient, alarm) => tasks.of(recipient, alarm).some(task => task.delivery.kind === 'offer'),
    get pending() {
      return tasks.size
    },
    async stop() {
      stopped = true
      cancelExpiry()
      for (const task of tasks.all()) task.cancelTimer?.()
      await settlements.flush()
    },
  }
}
