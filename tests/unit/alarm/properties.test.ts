import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decide } from '../../../gateway/alarm/decide.ts'
import { evolve } from '../../../gateway/alarm/evolve.ts'
import { policyFor } from '../../../gateway/alarm/policy.ts'
import type { Actor } from '../../../gateway/model/actor.ts'
import {
  type Alarm,
  type AlarmCommand,
  callBackOutcomes,
  calledBack,
  causes,
  declineReasons,
  emergencyServices,
  isOpen,
  presetNames,
} from '../../../gateway/model/alarm.ts'
import { PointId, ResponderId } from '../../../gateway/model/ids.ts'
import { type AlarmKind, alarmKinds, isAlarmKind } from '../../../gateway/model/kinds.ts'
import { clock, device, point, raise, routing, start, user } from './given-when-then.ts'

const kinds = Object.keys(alarmKinds).filter(isAlarmKind)
const anyRouting = fc.subarray(['sp-1', 'sp-2?', 'sp-3', 'sp-4?', 'sp-5']).map(names => routing(...names))
const anyActor = fc.constantFrom<Actor>(user('li'), user('wang'), point('sp-1'), point('sp-3'), device)
const anyEpoch = fc.integer({ min: 0, max: 4 })
const occurrence = { eventId: 'e-n', receivedAt: start }

const anyCommand: fc.Arbitrary<AlarmCommand> = fc.oneof(
  anyRouting.map(way => ({ type: 'repeat', occurrence, routing: way }) as const),
  fc.constant({ type: 'clear', occurrence } as const),
  fc.boolean().map(residentMayCancel => ({ type: 'cancel', occurrence, residentMayCancel }) as const),
  anyRouting.map(way => ({ type: 'confirm', routing: way }) as const),
  anyEpoch.map(epoch => ({ type: 'acknowledge', epoch }) as const),
  fc.tuple(anyEpoch, anyRouting).map(([epoch, way]) => ({ type: 'release', epoch, routing: way }) as const),
  fc.constantFrom(user('li'), point('sp-3')).map(to => ({ type: 'transfer', to }) as const),
  fc.constant({ type: 'dispatch' } as const),
  fc.constant({ type: 'arrive' } as const),
  fc.constantFrom(...causes).map(cause => ({ type: 'resolve', cause }) as const),
  fc.boolean().map(reached => ({ type: 'follow-up', reached }) as const),
  fc.constant({ type: 'note', text: 'seen' } as const),
)

/** Who is called, asked, sent, and what they say. */
const anyGoing: fc.Arbitrary<AlarmCommand> = fc.oneof(
  fc.constantFrom('rs-1', 'rs-2').map(id => {
    const responder = ResponderId.parse(id)
    return { type: 'dispatch', responder, point: PointId.parse('sp-5'), ask: true } as const
  }),
  fc.constant({ type: 'accept', etaMinutes: 5 } as const),
  fc.constantFrom(...declineReasons).map(reason => ({ type: 'decline', reason }) as const),
  fc
    .record({
      whom: fc.constantFrom(...calledBack),
      outcome: fc.constantFrom(...callBackOutcomes),
      routing: anyRouting,
    })
    .map(call => ({ type: 'call-back', ...call }) as const),
  fc
    .tuple(fc.constantFrom(...emergencyServices), fc.subarray([...emergencyServices]))
    .map(([service, agreement]) => ({ type: 'hand-over', service, agreement }) as const),
)

type Step = { command: AlarmCommand | 'due'; actor: Actor; way: ReturnType<typeof routing>; seconds: number }
const anyStep: fc.Arbitrary<Step> = fc.record({
  command: fc.oneof(
    { weight: 2, arbitrary: anyCommand },
    { weight: 2, arbitrary: anyGoing },
    { weight: 1, arbitrary: fc.constant('due' as const) },
  ),
  actor: anyActor,
  way: anyRouting,
  seconds: fc.integer({ min: 0, max: 400 }),
})

const live = (
  kind: AlarmKind,
  {
    preset,
    way,
    steps,
  }: { preset: (typeof presetNames)[number]; way: ReturnType<typeof routing>; steps: Step[] },
  check: (alarm: Alarm, before: Alarm | undefined, actor: Actor) => void,
): void => {
  const policy = policyFor(alarmKinds[kind].class, preset, {
    verificationMs: 60_000,
    leaseMs: 120_000,
    acceptMs: 120_000,
    followUpMs: 1e8,
  })
  let now = start
  let alarm: Alarm | undefined
  const apply = (command: AlarmCommand, actor: Actor): void => {
    const decision = decide(alarm, command, policy, { actor, now })
    if ('refused' in decision) return
    const before = alarm
    alarm = decision.events.reduce<Alarm | undefined>(evolve, alarm)
    if (alarm) check(alarm, before, actor)
  }
  apply(raise(kind, { routing: way }), device)
  for (const step of steps) {
    now += step.seconds * 1_000
    const deadline = alarm?.deadline
    if (step.command !== 'due') apply(step.command, step.actor)
    else if (deadline) apply({ type: 'deadline', deadline, routing: step.way }, clock)
  }
}

const anyLife = fc.record({
  preset: fc.constantFrom(...presetNames),
  way: anyRouting,
  steps: fc.array(anyStep, { maxLength: 25 }),
})

/** Somebody has it from the beginning: only then can anybody be sent. */
const anyTaken = anyLife.map(life => {
  const command = { type: 'acknowledge', epoch: 1 } as const
  return { ...life, steps: [{ command, actor: user('li'), way: life.way, seconds: 5 }, ...life.steps] }
})

describe('whatever is asked of an alarm, in whatever order', () => {
  test('every alarm that is not closed has a deadline, and a closed one has none', () => {
    fc.assert(
      fc.property(fc.constantFrom(...kinds), anyLife, (kind, life) => {
        live(kind, life, alarm => expect(alarm.deadline !== undefined).toBe(alarm.state !== 'closed'))
      }),
    )
  })

  test('an offered alarm has been offered to somebody who can hear: a connected point, the county or the city', () => {
    fc.assert(
      fc.property(fc.constantFrom(...kinds), anyLife, (kind, life) => {
        live(kind, life, alarm => {
          if (alarm.state !== 'offered') return
          expect(alarm.asked.some(one => one.kind !== 'point' || one.reachable)).toBe(true)
        })
      }),
    )
  })

  test('no machine ever ends a call or a hazard', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<AlarmKind>('sos', 'smoke', 'gas', 'carbon-monoxide'),
        anyLife,
        (kind, life) => {
          live(kind, life, (alarm, before, actor) => {
            const ended = before && isOpen(before.state) && !isOpen(alarm.state)
            if (ended) expect(actor.kind).toMatch(/^(user|point)$/)
          })
        },
      ),
    )
  })

  test('whoever is asked to go has to answer in time, and nobody is sent, asked or coming to what nobody holds', () => {
    let questions = 0
    fc.assert(
      fc.property(fc.constantFrom(...kinds), anyTaken, (kind, life) => {
        live(kind, life, alarm => {
          const isAsked = alarm.state === 'dispatched' && alarm.accepted === false
          if (isAsked) questions += 1
          expect(alarm.deadline?.kind === 'acceptance').toBe(isAsked)
          if (isAsked) expect(alarm.dispatchedTo).toBeDefined()
          if (alarm.dispatchedTo !== undefined) expect(alarm.holder).toBeDefined()
          if (alarm.declined) expect(new Set(alarm.declined).size).toBe(alarm.declined.length)
        })
      }),
    )
    expect(questions).toBeGreaterThan(0)
  })

  test('only a person hands over to an emergency service', () => {
    let handedOver = 0
    fc.assert(
      fc.property(fc.constantFrom(...kinds), anyTaken, (kind, life) => {
        live(kind, life, (alarm, before, actor) => {
          if (alarm.handedOver?.length === before?.handedOver?.length) return
          handedOver += 1
          expect(actor.kind).toBe('user')
        })
      }),
    )
    expect(handedOver).toBeGreaterThan(0)
  })

  test('the epoch never falls, and grows whenever a holder loses the alarm while it is open', () => {
    fc.assert(
      fc.property(fc.constantFrom(...kinds), anyLife, (kind, life) => {
        live(kind, life, (alarm, before) => {
          if (!before) return
          expect(alarm.epoch).toBeGreaterThanOrEqual(before.epoch)
          const lost = before.holder && isOpen(alarm.state) && alarm.holder?.id !== before.holder.id
          if (lost) expect(alarm.epoch).toBeGreaterThan(before.epoch)
        })
      }),
    )
  })

  test('nobody is asked twice in one epoch, and versions count every event', () => {
    fc.assert(
      fc.property(fc.constantFrom(...kinds), anyLife, (kind, life) => {
        live(kind, life, (alarm, before) => {
          const places = alarm.asked.map(one => (one.kind === 'point' ? one.point : one.kind))
          expect(new Set(places).size).toBe(places.length)
          if (before) expect(alarm.version).toBeGreaterThan(before.version - 1)
        })
      }),
    )
  })
})
