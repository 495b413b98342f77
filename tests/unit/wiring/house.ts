/** The middle of the house, on virtual time and a journal in memory: several may stand on one journal. */
import { randomUUID } from 'node:crypto'
import { longestWaitMs, policyFor } from '../../../gateway/alarm/policy.ts'
import { createDeadlines } from '../../../gateway/deadlines.ts'
import { createDesk } from '../../../gateway/desk.ts'
import { type Committed, createDoor } from '../../../gateway/door.ts'
import { createHearing } from '../../../gateway/hearing.ts'
import { createIntake } from '../../../gateway/intake.ts'
import type { MemoryJournal } from '../../../gateway/journal/memory.ts'
import type { Fact } from '../../../gateway/model/detection.ts'
import { AlarmId, DeviceId, HomeId, PointId, UserId } from '../../../gateway/model/ids.ts'
import type { AlarmClass } from '../../../gateway/model/kinds.ts'
import { createMoments } from '../../../gateway/moments.ts'
import { owed } from '../../../gateway/outbox/owed.ts'
import { openPersonal } from '../../../gateway/privacy/personal.ts'
import { createMemoryTelemetry } from '../../support/memory-sensing.ts'
import { createTestVault } from '../../support/test-vault.ts'
import type { VirtualClock } from '../../support/virtual-clock.ts'
import { routing } from '../alarm/given-when-then.ts'

const policyOf = (alarmClass: AlarmClass) =>
  policyFor(alarmClass, 'urban', {
    verificationMs: 60_000,
    leaseMs: 120_000,
    acceptMs: 120_000,
    followUpMs: 48 * 3_600_000,
  })

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
  const countDiscarded = (reason: string): void => void heard.push(`discarded: ${reason}`)
  const strangers = new Set<string>()
  let isCommitting = true
  const committed: Committed[] = []
  const facts: Fact[] = []
  const telemetry = createMemoryTelemetry()
  const { papers } = openPersonal({
    directory: ':memory:',
    vault: createTestVault(),
    newId: randomUUID,
    log: { error() {} },
  })
  const judged = new Map<DeviceId, string>()
  const heard: string[] = []
  let alarms = 0
  const whereabouts = {
    locate: (device: DeviceId) => ({ device, home: HomeId.parse('h-1'), preset: 'urban' as const }),
    route: () => routing('sp-1', 'sp-2'),
    locateHome: (home: HomeId | undefined) => ({ ...(home && { home }), preset: 'urban' as const }),
    residentMayCancel: () => true,
    agreement: () => [],
    metersFrom: () => undefined,
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
  const desk = createDesk(door, whereabouts, clock, papers)
  const hearing = createHearing({
    door,
    journal,
    whereabouts,
    moments: createMoments(),
    telemetry,
    newAlarmId() {
      alarms += 1
      return AlarmId.parse(`${name}-${alarms}`)
    },
    async see(fact) {
      facts.push(fact)
      return isCommitting
    },
    keep: async () => true,
    onSeen(device, _at, news) {
      heard.push(`${device}: ${news?.status ? JSON.stringify(news.status) : 'spoke'}`)
      if (news?.judged !== undefined) judged.set(device, news.judged)
    },
    judged: device => judged.get(device),
    isRegistered: device => !strangers.has(device),
    onPressed: home => heard.push(`somebody pressed at ${home}`),
    countEvent: (type, outcome) => heard.push(`${type}: ${outcome}`),
    countDiscarded,
  })
  const intake = createIntake({
    onActed: () => {},
    hearing,
    desk,
    clock,
    onSeen: device => heard.push(`${device}: spoke`),
    onHeard: (point, { alarm }) => heard.push(`${point} has ${alarm}`),
    onRefused: (point, alarm, refused) => heard.push(`${point} ${refused} ${alarm}`),
    countDiscarded,
  })
  return {
    door,
    desk,
    deadlines,
    committed,
    facts,
    samples: telemetry.samples,
    heard,
    /** Devices that nobody has registered. */
    strangers,
    /** Whether what detection finds can be committed. */
    setCommitting(value: boolean) {
      isCommitting = value
    },
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
