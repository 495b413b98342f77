/** Entries of an alarm as a journal holds them, told as what happened how many seconds after it was received. */
import type { AlarmEvent, Location } from '../../../gateway/model/alarm.ts'
import { AlarmId, DeviceId, HomeId, PointId, ResponderId } from '../../../gateway/model/ids.ts'
import type { Entry } from '../../../gateway/model/journal.ts'
import type { AlarmKind } from '../../../gateway/model/kinds.ts'
import { deadlineIn, operator } from '../../support/alarm-samples.ts'

/** 2026-10-05T10:00:00+08:00 */
export const receivedAt = Date.parse('2026-10-05T02:00:00Z')

export type Told = readonly [seconds: number, event: AlarmEvent]

export type Given = {
  readonly id?: string
  readonly kind?: AlarmKind
  readonly device?: string
  readonly preset?: Location['preset']
  readonly found?: Extract<AlarmEvent, { type: 'raised' }>['occurrence']['found']
}

export const raised = ({
  id = 'a',
  kind = 'sos',
  device = 'btn-1',
  preset = 'urban',
  found,
}: Given = {}): AlarmEvent => ({
  type: 'raised',
  id: AlarmId.parse(id),
  kind,
  subject: `${kind}/${id}`,
  location: { device: DeviceId.parse(device), home: HomeId.parse('h-1'), preset },
  raisedAt: receivedAt - 5_000,
  occurrence: { receivedAt, ...(found && { found }) },
})

const point = (id: string) => ({ kind: 'point', id: PointId.parse(id) }) as const
const deadline = deadlineIn(0)

/** What can happen, in the words of the field. */
export const it = {
  isAcknowledgedBy: (who: string): AlarmEvent => ({
    type: 'acknowledged',
    epoch: 1,
    holder: who === 'op-1' ? operator : point(who),
    deadline,
  }),
  isTransferredTo: (who: string): AlarmEvent => ({ type: 'transferred', to: point(who), epoch: 2, deadline }),
  isDispatched: (responder?: string): AlarmEvent => ({
    type: 'dispatched',
    ...(responder !== undefined && { responder: ResponderId.parse(responder) }),
    deadline,
  }),
  isReached: (responder?: string): AlarmEvent => ({
    type: 'arrived',
    ...(responder !== undefined && { responder: ResponderId.parse(responder) }),
    deadline,
  }),
  isAskedWider: { type: 'offered', reason: 'escalation', level: 2, epoch: 1, recipients: [], deadline },
  isAskedAgain: { type: 'offered', reason: 'asked-again', level: 1, epoch: 1, recipients: [], deadline },
  isOverdue: { type: 'overdue', what: 'arrival', deadline },
  isHandedTo: (service: '120' | '119' | '110'): AlarmEvent => ({ type: 'handed-over', service }),
  isResolved: (cause: Extract<AlarmEvent, { type: 'resolved' }>['cause'], by = operator): AlarmEvent => ({
    type: 'resolved',
    cause,
    by,
    deadline: null,
  }),
  endsByItself: { type: 'resolved', cause: 'sensor-false', deadline: null },
  isFollowedUp: (reached: boolean, satisfaction?: number): AlarmEvent => ({
    type: 'followed-up',
    reached,
    ...(satisfaction !== undefined && { satisfaction }),
  }),
} as const satisfies Readonly<Record<string, AlarmEvent | ((...given: never[]) => AlarmEvent)>>

/** The journal's entries of an alarm that was raised, and then as told. */
export const entriesOf = (given: Given, ...told: readonly Told[]): readonly Entry[] =>
  [[0, raised(given)] as const, ...told].map(([seconds, event], index) => ({
    seq: index + 1,
    alarm: AlarmId.parse(given.id ?? 'a'),
    version: index + 1,
    recordedAt: receivedAt + seconds * 1_000,
    actor: { kind: 'clock' },
    event,
    hash: '',
  }))
