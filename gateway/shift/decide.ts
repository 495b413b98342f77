/** What may be done about a shift, and when. Pure: no time, no disk. */
import type { Refusal } from '../model/errors.ts'
import type { By } from '../model/provisioning.ts'
import type { HandOver, Shift, ShiftCommand, ShiftEvent } from '../model/shift.ts'

const refuse = (detail: string): Refusal => ({ refused: 'wrong-shift-state', detail })

const isOnDuty = ({ onDuty }: Shift, { id }: By): boolean => onDuty.some(({ user }) => user.id === id)
const offeredBy = ({ pending }: Shift, { id }: By): HandOver | undefined =>
  pending.find(({ from }) => from.id === id)

/** Only whom it names. To everybody else it is not there. */
export const offeredTo = ({ pending }: Shift, { id: by }: By, id: string): HandOver | undefined =>
  pending.find(one => one.id === id && one.to.id === by)

const handOver = (
  shift: Shift,
  { type: _, ...offer }: Extract<ShiftCommand, { type: 'hand-over' }>,
  by: By,
): ShiftEvent | Refusal => {
  if (!isOnDuty(shift, by)) return refuse('you are not on duty')
  if (offer.to.id === by.id) return refuse('a shift is handed to somebody else')
  return offeredBy(shift, by)
    ? refuse('you have offered it already: withdraw that first')
    : { type: 'offered', ...offer }
}

/** Undefined: it is so already. */
export const decideShift = (
  shift: Shift,
  command: ShiftCommand,
  by: By,
): ShiftEvent | Refusal | undefined => {
  switch (command.type) {
    case 'take-over':
      return isOnDuty(shift, by) ? undefined : { type: 'taken-over' }
    case 'hand-over':
      return handOver(shift, command, by)
    case 'accept': {
      const { id, transferred, kept } = command
      const offer = offeredTo(shift, by, id)
      return offer
        ? { type: 'accepted', id, from: offer.from, transferred, kept }
        : { refused: 'not-found', detail: `nothing is offered to you under ${id}` }
    }
    case 'withdraw': {
      const offer = offeredBy(shift, by)
      return offer ? { type: 'withdrawn', id: offer.id, to: offer.to } : refuse('you have offered nothing')
    }
    case 'leave': {
      if (!isOnDuty(shift, by)) return refuse('you are not on duty')
      const empty = shift.onDuty.length === 1
      return empty && !command.leaveEmpty
        ? { refused: 'last-on-duty', detail: 'hand it over by name, or say that nobody follows' }
        : { type: 'left', empty }
    }
  }
}
