/** What may be done to a bed, and when; and how it changes by it. Pure. */
import type { Refusal } from '../model/errors.ts'
import type { Instant } from '../model/ids.ts'
import type { BedCommand, BedEvent, Untested } from '../model/installation.ts'
import type { Bed } from '../model/provisioning.ts'

/** What must be so before somebody is watched there. */
export type BedReadiness = {
  /** An installation in the home has been accepted. */
  readonly accepted: boolean
  readonly untested: readonly Untested[]
  /** To being watched. */
  readonly consent: boolean
  readonly livesThere: boolean
  readonly institutionSuspended: boolean
}

type Command = BedCommand['type']

const allowedIn: Readonly<Record<Command, readonly Bed['state'][]>> = {
  change: ['planned', 'enabled', 'suspended'],
  enable: ['planned', 'suspended'],
  suspend: ['enabled'],
  end: ['planned', 'enabled', 'suspended'],
}

/** A bed whose time is over has ended, whether or not anybody said so. */
export const bedAt = (bed: Bed, now: Instant): Bed =>
  bed.until !== undefined && bed.until <= now ? { ...bed, state: 'ended' } : bed

const enable = (bed: Bed, now: Instant, ready: BedReadiness): BedEvent | Refusal => {
  const { accepted, untested, consent, livesThere, institutionSuspended } = ready
  if (untested.length > 0) {
    const named = untested.map(({ device, triggers }) => `${device}: ${triggers.join(', ')}`)
    return { refused: 'not-tested', detail: named.join('; '), facts: { untested } }
  }
  if (!consent) return { refused: 'consent-missing', detail: 'monitoring', facts: { purpose: 'monitoring' } }
  const missing = [
    ...(accepted ? [] : ['no installation in the home has been accepted']),
    ...(livesThere ? [] : ['the resident does not live in the home']),
    ...(institutionSuspended ? ['the institution is suspended'] : []),
    ...(bed.from <= now ? [] : ['its time has not come']),
  ]
  return missing.length > 0
    ? { refused: 'not-complete', detail: missing.join('; '), facts: { missing } }
    : { type: 'enabled' }
}

export const evolveBed = (bed: Bed, event: BedEvent): Bed => {
  switch (event.type) {
    case 'planned':
      return bed
    case 'changed': {
      const { until: before, ...open } = bed
      const { from = bed.from, until = before } = event
      return { ...open, from, ...(until !== undefined && until !== null && { until }) }
    }
    case 'enabled':
    case 'suspended':
    case 'ended':
      return { ...bed, state: event.type }
  }
}

/** Undefined: it ends after it begins. */
export const mistakeIn = ({ from, until }: Bed): Refusal | undefined =>
  until !== undefined && until <= from
    ? { refused: 'invalid-record', detail: 'until: it ends before it begins' }
    : undefined

/** @param now the bed is as it is at this moment (`bedAt`). */
export const decideBed = (
  bed: Bed,
  command: BedCommand,
  { now, ready }: { readonly now: Instant; readonly ready: BedReadiness },
): BedEvent | Refusal => {
  if (!allowedIn[command.type].includes(bed.state))
    return { refused: 'wrong-bed-state', detail: `it is ${bed.state}`, facts: { state: bed.state } }
  switch (command.type) {
    case 'change': {
      const { type: _type, ...change } = command
      const event: BedEvent = { type: 'changed', ...change }
      return mistakeIn(evolveBed(bed, event)) ?? event
    }
    case 'enable':
      return enable(bed, now, ready)
    case 'suspend':
      return { type: 'suspended', reason: command.paper }
    case 'end':
      return { type: 'ended', reason: command.paper }
  }
}
