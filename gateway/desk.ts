/** Where people act: brings their commands to the door, with the way the alarm could go next. */
import type { Door } from './door.ts'
import type { Alarm, AlarmCommand } from './model/alarm.ts'
import type { Clock } from './model/clock.ts'
import type { Desk, PersonCommand } from './model/desk.ts'
import type { Whereabouts } from './whereabouts.ts'

const withRouting = (command: PersonCommand, alarm: Alarm, whereabouts: Whereabouts): AlarmCommand => {
  switch (command.type) {
    case 'release':
    case 'confirm':
    case 'repeat':
      return { ...command, routing: whereabouts.route(alarm.kind, alarm.location) }
    case 'acknowledge':
    case 'transfer':
    case 'dispatch':
    case 'arrive':
    case 'resolve':
    case 'follow-up':
    case 'note':
      return command
  }
}

export const createDesk = (door: Door, whereabouts: Whereabouts, clock: Clock): Desk => ({
  async act(id, command, actor) {
    const alarm = await door.find(id)
    if (!alarm) return { refused: 'alarm-not-found', detail: `no alarm ${id}` }
    const answer = await door.byId(id, {
      command: now => withRouting(command, now ?? alarm, whereabouts),
      asked: { actor, now: clock.now() },
    })
    // Only a device's message can be a duplicate; a person's command carries none.
    if ('duplicate' in answer) throw new Error('a command of a person was taken for a duplicate')
    return 'refused' in answer ? answer : answer.alarm
  },
})
