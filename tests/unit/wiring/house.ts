/** The middle of the house, on virtual time and a journal in memory: several may stand on one journal. */
import { longestWaitMs, policyFor } from '../../../gateway/alarm/policy.ts'
import { createDeadlines } from '../../../gateway/deadlines.ts'
import { createDesk } from '../../../gateway/desk.ts'
import { type Committed, createDoor } from '../../../gateway/door.ts'
import { createIntake } from '../../../gateway/intake.ts'
import type { MemoryJournal } from '../../../gateway/journal/memory.ts'
import { AlarmId, DeviceId, HomeId, PointId, UserId } from '../../../gateway/model/ids.ts'
import type { AlarmClass } from '../../../gateway/model/kinds.ts'
import { owed } from '../../../gateway/outbox/owed.ts'
import type { VirtualClock } from '../../support/virtual-clock.ts'
import { routing } from '../alarm/given-when-then.ts'

const policyOf = (alarmClass: AlarmClass) =>
  policyFor(alarmClass, 'urban', { verificationMs: 60_000, leaseMs: 120_000, followUpMs: 48 * 3_600_000 })

export const operator = { kind: 'user', id: UserId.parse('li'), name: '李' } as const
export const firstPoint = PointId.parse('sp-1')

export const createHouse = ({
  journal,
  clock,
  name = 'a',
}: {
  journal: MemoryJournal
  clock: VirtualClock
  name?: string
}) => {
  const committed: Committed[] = []
  const heard: string[] = []
  let alarms = 0
  const whereabouts = {
    locate: (device: DeviceId) => ({ device, home: HomeId.parse('h-1'), preset: 'urban' as const }),
    route: () => routing('sp-1', 'sp-2'),
    locateHome: (home: HomeId) => ({ home, preset: 'urban' as const }),
    residentMayCancel: () => true,
    voices: () => [],
  }
  const door = createDoor({
    journal,
    policyOf,
    owed: change => owed(change, { webhook: false, voices: [] }),
    onCommitted(one) {
      committed.push(one)
      deadlines.watch(one.alarm)
    },
  })
  const deadlines = createDeadlines({
    door,
    journal,
    whereabouts,
    clock,
    auditIntervalMs: 10_000,
    longestWaitMs: (alarm, kind) => longestWaitMs(policyOf(alarm.class), kind),
    report: (problem, alarm) => heard.push(`auditor: ${problem} ${alarm}`),
  })
  const desk = createDesk(door, whereabouts, clock)
  const intake = createIntake({
    door,
    desk,
    journal,
    whereabouts,
    clock,
    newAlarmId() {
      alarms += 1
      return AlarmId.parse(`${name}-${alarms}`)
    },
    onSeen: (device, _at, status) => heard.push(`${device}: ${status ? JSON.stringify(status) : 'spoke'}`),
    onHeard: (point, { alarm }) => heard.push(`${point} has ${alarm}`),
    onRefused: (point, alarm, refused) => heard.push(`${point} ${refused} ${alarm}`),
    count: {
      discarded: reason => heard.push(`discarded: ${reason}`),
      event: (type, outcome) => heard.push(`${type}: ${outcome}`),
    },
  })
  return {
    door,
    desk,
    deadlines,
    committed,
    heard,
    async start() {
      for (const alarm of await door.load()) deadlines.watch(alarm)
      await deadlines.audit()
      deadlines.start()
    },
    say: (topic: string, payload: object | string) =>
      intake.accept(
        `anling/v1/${topic}`,
        Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload)),
      ),
    alarms: async () => (await journal.list({ order: 'received', limit: 100 })).items,
  }
}
