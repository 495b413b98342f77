/** Who goes: somebody is sent or asked to go, says yes or no, arrives; or an emergency service is called. */
import { tokenIdPrefix } from '../model/access.ts'
import type { Actor } from '../model/actor.ts'
import type { Alarm, AlarmCommand, AlarmEvent, Deadline } from '../model/alarm.ts'
import { type ArrivalProof, doorCodeOf, type ProvenArrival } from '../model/arrival.ts'
import type { Refusal } from '../model/errors.ts'
import { maySay, mayWork, wrongState } from './claim.ts'
import { type Context, type Decision, happened, refuse } from './decision.ts'

type Command<Type extends AlarmCommand['type']> = Extract<AlarmCommand, { type: Type }>

const arrivalIn = ({ now, policy }: Context): Deadline => ({ kind: 'arrival', at: now + policy.arrivalMs })

const cannotGo = (alarm: Alarm): Refusal | undefined =>
  alarm.state === 'acknowledged' || alarm.state === 'dispatched'
    ? undefined
    : wrongState(alarm, 'acknowledged or dispatched')

/** An answer that comes late must not be taken for that of whoever was asked since. */
const mayAnswer = (
  alarm: Alarm,
  answer: Command<'accept' | 'decline'>,
  { actor }: Context,
): Refusal | undefined => {
  const refusal = maySay(alarm, actor, answer)
  if (refusal) return refusal
  if (alarm.state !== 'dispatched') return wrongState(alarm, 'dispatched')
  return answer.responder === undefined || answer.responder === alarm.dispatchedTo
    ? undefined
    : refuse('wrong-state', 'another has been sent since', { dispatchedTo: alarm.dispatchedTo })
}

/** Who is asked has to say yes in time. Nobody can be asked without a name. */
export const dispatch = (alarm: Alarm, command: Command<'dispatch'>, context: Context): Decision => {
  const refusal = mayWork(alarm, context.actor, command.epoch) ?? cannotGo(alarm)
  if (refusal) return refusal
  const { type: _, epoch: __, ask, ...facts } = command
  const { now, policy } = context
  return happened(
    ask && facts.responder !== undefined
      ? { type: 'dispatched', ...facts, ask, deadline: { kind: 'acceptance', at: now + policy.acceptMs } }
      : { type: 'dispatched', ...facts, deadline: arrivalIn(context) },
  )
}

/** Said again, the first yes stands, and so does its time. */
export const accept = (alarm: Alarm, command: Command<'accept'>, context: Context): Decision => {
  const refusal = mayAnswer(alarm, command, context)
  if (refusal) return refusal
  if (alarm.accepted) return happened()
  return happened({
    type: 'accepted',
    ...(alarm.dispatchedTo !== undefined && { responder: alarm.dispatchedTo }),
    ...(command.onBehalf && { onBehalf: command.onBehalf }),
    ...(command.etaMinutes !== undefined && { etaMinutes: command.etaMinutes }),
    deadline: arrivalIn(context),
  })
}

/** Its holder has it again, for the time of a lease: after that it is offered anew. */
export const nobodyGoes = (
  alarm: Alarm,
  said: Pick<Extract<AlarmEvent, { type: 'declined' }>, 'reason' | 'note' | 'onBehalf'>,
  { now, policy }: Context,
): Decision =>
  happened({
    type: 'declined',
    ...(alarm.dispatchedTo !== undefined && { responder: alarm.dispatchedTo }),
    ...said,
    deadline: { kind: 'lease', at: now + policy.leaseMs },
  })

export const decline = (alarm: Alarm, command: Command<'decline'>, context: Context): Decision => {
  const { type: _, epoch: __, responder: ___, ...said } = command
  return mayAnswer(alarm, command, context) ?? nobodyGoes(alarm, said, context)
}

/** What is said of an arrival, as it goes on record: no code, and nobody's position. */
const proven = (proof: ArrivalProof): ProvenArrival => (proof.by === 'door-code' ? { by: proof.by } : proof)

const isOtherDoor = ({ location: { home } }: Alarm, proof: ArrivalProof | undefined): boolean =>
  proof?.by === 'door-code' && (home === undefined || proof.code !== doorCodeOf(home))

export const arrive = (alarm: Alarm, command: Command<'arrive'>, context: Context): Decision => {
  const refusal = maySay(alarm, context.actor, command) ?? cannotGo(alarm)
  if (refusal) return refusal
  const { type: _, epoch: __, proof, ...facts } = command
  if (isOtherDoor(alarm, proof)) return refuse('wrong-door', 'this is not the code of the home')
  return happened({
    type: 'arrived',
    ...facts,
    ...(proof && { proof: proven(proof) }),
    deadline: { kind: 'finish', at: context.now + context.policy.finishMs },
  })
}

/** A program acts as a user too, under the id of its token. */
const isPerson = (actor: Actor): boolean => actor.kind === 'user' && !actor.id.startsWith(tokenIdPrefix)

/** By a person's word only, and only to whom the resident's agreement names: no machine calls an ambulance. */
export const handOver = (alarm: Alarm, command: Command<'hand-over'>, context: Context): Decision => {
  if (!isPerson(context.actor)) return refuse('not-allowed', 'only a person hands over')
  const refusal = mayWork(alarm, context.actor, command.epoch)
  if (refusal) return refusal
  if (alarm.holder === undefined) return wrongState(alarm, 'somebody who holds it')
  const { type: _, epoch: __, agreement, ...facts } = command
  if (!agreement.includes(facts.service)) {
    return refuse('no-agreement', `${facts.service} is not in the agreement`, { agreement })
  }
  return happened({
    type: 'handed-over',
    ...facts,
    ...(alarm.state === 'acknowledged' && { deadline: arrivalIn(context) }),
  })
}
