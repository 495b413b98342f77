/** How the shift changes by what happened. Pure. */
import type { Instant } from '../model/ids.ts'
import type { By } from '../model/provisioning.ts'
import type { Happening, Shift } from '../model/shift.ts'

export const newShift: Shift = { onDuty: [], pending: [], isUsed: false }

const arrived = (shift: Shift, user: By, since: Instant): Shift =>
  shift.onDuty.some(one => one.user.id === user.id)
    ? shift
    : { ...shift, onDuty: [...shift.onDuty, { user, since }] }

/** What somebody has offered is void once they have left. */
const gone = (shift: Shift, { id }: By): Shift => ({
  ...shift,
  onDuty: shift.onDuty.filter(({ user }) => user.id !== id),
  pending: shift.pending.filter(({ from }) => from.id !== id),
})

const byPerson = (shift: Shift, by: By, { event, at }: Happening): Shift => {
  switch (event.type) {
    case 'taken-over':
      return { ...arrived(shift, by, at), isUsed: true }
    case 'offered': {
      const { type: _, ...offer } = event
      return { ...shift, pending: [...shift.pending, { ...offer, from: by, offeredAt: at }] }
    }
    case 'accepted':
      return arrived(gone(shift, event.from), by, at)
    case 'withdrawn':
      return { ...shift, pending: shift.pending.filter(({ id }) => id !== event.id) }
    case 'left':
      return gone(shift, by)
    case 'struck-off':
    case 'unattended':
    case 'attended':
      return shift
  }
}

const byGateway = (shift: Shift, { event, at }: Happening): Shift => {
  const { unattendedSince: _, ...attended } = shift
  switch (event.type) {
    case 'struck-off':
      return { ...shift, onDuty: shift.onDuty.filter(({ user }) => user.id !== event.from.id) }
    case 'unattended':
      return { ...attended, unattendedSince: at }
    case 'attended':
      return attended
    case 'taken-over':
    case 'offered':
    case 'accepted':
    case 'withdrawn':
    case 'left':
      return shift
  }
}

export const evolveShift = (shift: Shift, happening: Happening): Shift =>
  happening.by ? byPerson(shift, happening.by, happening) : byGateway(shift, happening)
