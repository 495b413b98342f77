/**
 * The radar shows a fall as a state, 0 or 1, read again and again. Takes its readings; gives an event at each edge, and
 * gives an event again that was refused, under the same id: the radar itself would never repeat it.
 */
import type { Instant } from '../../model/ids.ts'
import type { LineOutput } from '../../model/line.ts'
import type { DeviceEvent } from '../../model/observation.ts'

/** Events without a verdict. Beyond this the oldest goes: the newer ones call for help as well. */
const maxUntaken = 16

type Untaken = { readonly event: DeviceEvent; readonly refused: boolean }

export type Falls = {
  readonly report: (fallen: boolean, now: Instant) => readonly LineOutput[]
  readonly judge: (token: number, taken: boolean) => void
  readonly tellAgain: () => readonly LineOutput[]
  /** What was known may have changed unseen: a fall that shows now is a new one. To ring too often is the safe side. */
  readonly forget: () => void
}

export const createFalls = (): Falls => {
  const untaken = new Map<number, Untaken>()
  let known = false
  let lastToken = 0

  const tell = (token: number, event: DeviceEvent): LineOutput => {
    untaken.set(token, { event, refused: false })
    const [oldest] = untaken.keys()
    if (untaken.size > maxUntaken && oldest !== undefined) untaken.delete(oldest)
    return { type: 'observed', address: '', observation: event, token }
  }

  return {
    report: (fallen, now) => {
      if (fallen === known) return []
      known = fallen
      lastToken += 1
      const kind = fallen ? 'trigger' : 'cleared'
      return [tell(lastToken, { kind, trigger: 'fall', eventId: `fall-${now}` })]
    },
    judge: (token, taken) => {
      const judged = untaken.get(token)
      if (taken) untaken.delete(token)
      else if (judged) untaken.set(token, { ...judged, refused: true })
    },
    tellAgain: () =>
      [...untaken].filter(([, { refused }]) => refused).map(([token, { event }]) => tell(token, event)),
    forget: () => {
      known = false
    },
  }
}
