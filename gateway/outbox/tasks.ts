/** The deliveries that are owed now, found by what they are about and whom they are for. */
import type { NewDelivery } from '../model/delivery.ts'
import type { AlarmId } from '../model/ids.ts'

export type Task = {
  readonly delivery: NewDelivery
  attempts: number
  /** A try is under way. */
  busy: boolean
  /** The receiver came back while a try was under way: try once more at once. */
  wokenMeanwhile: boolean
  cancelTimer?: () => void
}

export interface Tasks {
  add(delivery: NewDelivery, attempts: number): Task
  has(task: Task): boolean
  /** False when it was not there any more. */
  remove(task: Task): boolean
  all(): readonly Task[]
  about(alarm: AlarmId): readonly Task[]
  to(recipient: string): readonly Task[]
  of(recipient: string, alarm: AlarmId): readonly Task[]
  readonly size: number
}

const drop = (groups: Map<string, Set<Task>>, key: string, task: Task): void => {
  const group = groups.get(key)
  group?.delete(task)
  if (group?.size === 0) groups.delete(key)
}

const put = (groups: Map<string, Set<Task>>, key: string, task: Task): void => {
  const group = groups.get(key)
  if (group) group.add(task)
  else groups.set(key, new Set([task]))
}

export const createTasks = (): Tasks => {
  const tasks = new Map<string, Task>()
  const byAlarm = new Map<string, Set<Task>>()
  const byRecipient = new Map<string, Set<Task>>()

  const about = (alarm: AlarmId): readonly Task[] => [...(byAlarm.get(alarm) ?? [])]
  const has = (task: Task): boolean => tasks.get(task.delivery.id) === task

  return {
    add(delivery, attempts) {
      const task: Task = { delivery, attempts, busy: false, wokenMeanwhile: false }
      tasks.set(delivery.id, task)
      put(byAlarm, delivery.alarm, task)
      put(byRecipient, delivery.recipient, task)
      return task
    },
    has,
    remove(task) {
      if (!has(task)) return false
      tasks.delete(task.delivery.id)
      drop(byAlarm, task.delivery.alarm, task)
      drop(byRecipient, task.delivery.recipient, task)
      return true
    },
    all: () => [...tasks.values()],
    about,
    to: recipient => [...(byRecipient.get(recipient) ?? [])],
    of: (recipient, alarm) => about(alarm).filter(task => task.delivery.recipient === recipient),
    get size() {
      return tasks.size
    },
  }
}
