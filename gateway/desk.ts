/**
 * Where people act: brings their commands to the door, with the way the alarm could go next, and
 * what the registry says on them. What they write is about
 * people and must be erasable, which the journal is not: it is kept as a paper, and the command names that.
 */
import type { Door } from './door.ts'
import type { Alarm, AlarmCommand, Location } from './model/alarm.ts'
import type { ArrivalProof } from './model/arrival.ts'
import type { Clock } from './model/clock.ts'
import type { Desk, PersonCommand } from './model/desk.ts'
import type { Refusal } from './model/errors.ts'
import type { Instant } from './model/ids.ts'
import type { Papers } from './model/vault.ts'
import type { Whereabouts } from './whereabouts.ts'

export type DeskFacts = Pick<Whereabouts, 'route' | 'agreement' | 'metersFrom'>

type Proof = NonNullable<Extract<PersonCommand, { type: 'arrive' }>['proof']>

/** How far from the home somebody is stays; where they are does not. */
const measured = (proof: Proof, location: Location, whereabouts: DeskFacts): ArrivalProof => {
  if (proof.by !== 'position') return proof
  const { by, accuracyMeters, ...position } = proof
  const distanceMeters = whereabouts.metersFrom(location, position)
  return { by, accuracyMeters, ...(distanceMeters !== undefined && { distanceMeters }) }
}

/** The command with what the registry has to say on it, as it is now. */
const withFacts = (command: PersonCommand, alarm: Alarm, whereabouts: DeskFacts): AlarmCommand => {
  const { kind, location } = alarm
  switch (command.type) {
    case 'call-back':
    case 'release':
    case 'confirm':
    case 'repeat':
      return { ...command, routing: whereabouts.route(kind, location) }
    case 'hand-over':
      return { ...command, agreement: whereabouts.agreement(location) }
    case 'arrive': {
      const { proof, ...rest } = command
      return { ...rest, ...(proof && { proof: measured(proof, location, whereabouts) }) }
    }
    case 'acknowledge':
    case 'transfer':
    case 'dispatch':
    case 'accept':
    case 'decline':
    case 'resolve':
    case 'follow-up':
    case 'note':
      return command
  }
}

const textOf = (command: PersonCommand): string | undefined => {
  if (command.type === 'note') return command.text
  if (command.type !== 'repeat') return 'note' in command ? command.note : undefined
  const note = command.occurrence.data?.['note']
  return typeof note === 'string' ? note : undefined
}

const withText = (command: PersonCommand, text: string): PersonCommand => {
  if (command.type === 'note') return { ...command, text }
  if (command.type !== 'repeat') return 'note' in command ? { ...command, note: text } : command
  const { occurrence } = command
  return { ...command, occurrence: { ...occurrence, data: { ...occurrence.data, note: text } } }
}

/** The command as the journal may have it, and the paper that was kept for it. */
type Kept = { readonly command: PersonCommand; readonly ref?: string }

const keepText = (
  command: PersonCommand,
  { location }: Alarm,
  papers: Papers,
  now: Instant,
): Kept | Refusal => {
  const text = textOf(command)
  if (!text) return { command }
  const { resident, home } = location
  const kept = papers.keep(text, { ...(resident && { resident }), ...(home && { home }) }, now)
  return 'refused' in kept ? kept : { command: withText(command, kept.ref), ref: kept.ref }
}

export const createDesk = (door: Door, whereabouts: DeskFacts, clock: Clock, papers: Papers): Desk => ({
  async act(id, command, actor) {
    const alarm = await door.find(id)
    if (!alarm) return { refused: 'alarm-not-found', detail: `no alarm ${id}` }
    const kept = keepText(command, alarm, papers, clock.now())
    if ('refused' in kept) return kept
    const answer = await door.byId(id, {
      command: now => withFacts(kept.command, now ?? alarm, whereabouts),
      asked: { actor, now: clock.now() },
    })
    // Only a device's message can be a duplicate; a person's command carries none.
    if ('duplicate' in answer) throw new Error('a command of a person was taken for a duplicate')
    if (!('refused' in answer)) return answer.alarm
    if (kept.ref !== undefined) papers.drop(kept.ref)
    return answer
  },
})
