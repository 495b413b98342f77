/** given(events) · when(command) · then(events | refusal): what an alarm does, told as a story. */
import { expect } from 'vitest'
import { decide } from '../../../gateway/alarm/decide.ts'
import { evolve } from '../../../gateway/alarm/evolve.ts'
import { policyFor } from '../../../gateway/alarm/policy.ts'
import type { Actor } from '../../../gateway/model/actor.ts'
import type { Alarm, AlarmCommand, AlarmEvent, PresetName } from '../../../gateway/model/alarm.ts'
import type { ErrorCode } from '../../../gateway/model/errors.ts'
import { AlarmId, AreaId, DeviceId, HomeId, PointId, UserId } from '../../../gateway/model/ids.ts'
import { type AlarmKind, classOf } from '../../../gateway/model/kinds.ts'
import type { Routing } from '../../../gateway/model/routing.ts'

export const start = Date.UTC(2026, 10, 21, 20, 18)
const timers = { verificationMs: 60_000, leaseMs: 120_000, acceptMs: 120_000, followUpMs: 48 * 3_600_000 }

export const device: Actor = { kind: 'device', id: DeviceId.parse('btn-1') }
export const clock: Actor = { kind: 'clock' }
export const user = (id: string) => ({ kind: 'user', id: UserId.parse(id), name: id }) as const
export const point = (id: string) => ({ kind: 'point', id: PointId.parse(id) }) as const

/** Candidates in order; a name with a `?` is a point whose terminal is not connected. */
export const routing = (...names: readonly string[]): Routing => ({
  candidates: names.map((name, index) => ({
    point: PointId.parse(name.replace('?', '')),
    rank: index + 1,
    distanceMeters: 500 * (index + 1),
    travelMinutes: 3 * (index + 1),
    reachable: !name.endsWith('?'),
  })),
  passedOver: { closed: 0, suspended: 0, incapable: 0 },
  ...(names.length === 0 && { noPoint: 'no-points' as const }),
  county: AreaId.parse('tiedong'),
  city: AreaId.parse('anshan'),
})
export const twoPoints = routing('sp-1', 'sp-2')

export const raise = (
  kind: AlarmKind,
  more: Partial<Extract<AlarmCommand, { type: 'raise' }>> = {},
): AlarmCommand => ({
  type: 'raise',
  id: AlarmId.parse('a-1'),
  kind,
  subject: `btn-1/${kind}`,
  location: { device: DeviceId.parse('btn-1'), home: HomeId.parse('h-1'), preset: 'urban' },
  occurrence: { eventId: 'e-1', receivedAt: start },
  routing: twoPoints,
  ...more,
})

type Act = { readonly command: AlarmCommand; readonly actor?: Actor; readonly afterSeconds?: number }

export class Story {
  alarm: Alarm | undefined
  now = start
  last: readonly AlarmEvent[] = []
  readonly #preset: PresetName

  constructor(preset: PresetName = 'urban') {
    this.#preset = preset
  }

  #decide({ command, actor = user('li'), afterSeconds = 0 }: Act) {
    this.now += afterSeconds * 1_000
    const kind = this.alarm?.kind ?? (command.type === 'raise' ? command.kind : 'sos')
    return decide(this.alarm, command, policyFor(classOf(kind), this.#preset, timers), {
      actor,
      now: this.now,
    })
  }

  /** The command must succeed; its events happen. */
  given(command: AlarmCommand, more: Omit<Act, 'command'> = {}): this {
    const decision = this.#decide({ command, ...more })
    if ('refused' in decision) throw new Error(`refused: ${decision.refused}`)
    this.last = decision.events
    this.alarm = decision.events.reduce<Alarm | undefined>(evolve, this.alarm)
    return this
  }

  /** The deadline that the alarm has comes due. */
  due(with_: Routing = twoPoints): this {
    const deadline = this.alarm?.deadline
    if (!deadline) throw new Error('the alarm waits for nothing')
    this.now = deadline.at
    return this.given({ type: 'deadline', deadline, routing: with_ }, { actor: clock })
  }

  refuses(command: AlarmCommand, code: ErrorCode, actor: Actor = user('li')): this {
    expect(this.#decide({ command, actor })).toMatchObject({ refused: code })
    return this
  }

  /** Types of the last command's events. */
  happened(...types: readonly AlarmEvent['type'][]): this {
    expect(this.last.map(event => event.type)).toEqual(types)
    return this
  }

  /** What the first event of the last command says, among else. */
  says(expected: Partial<AlarmEvent>): this {
    expect(this.last[0]).toMatchObject(expected)
    return this
  }

  is(expected: { readonly [Key in keyof Alarm]?: unknown }): this {
    // A member that is expected to be undefined has to be absent.
    const absent = Object.fromEntries(Object.keys(expected).map(key => [key, undefined]))
    expect({ ...absent, ...this.alarm }).toMatchObject(expected)
    return this
  }

  waitsFor(kind: NonNullable<Alarm['deadline']>['kind'], seconds: number): this {
    expect(this.alarm?.deadline).toEqual({ kind, at: this.now + seconds * 1_000 })
    return this
  }

  /** Whom the last offer asks, by point id or level name. */
  asks(...names: readonly string[]): this {
    const offer = this.last.findLast(event => event.type === 'offered')
    expect(offer?.recipients.map(one => (one.kind === 'point' ? one.point : one.kind))).toEqual(names)
    return this
  }
}
