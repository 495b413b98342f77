/** A serial line that is gone or says nothing is a technical alarm of its own, at the home or site that it serves. */
import { randomUUIDv7 } from 'node:crypto'
import type { Core } from './core.ts'
import { isPassing } from './door.ts'
import type { AlarmCommand, Occurrence } from './model/alarm.ts'
import { AlarmId, type HomeId, type Instant } from './model/ids.ts'

type Line = { readonly id: string; readonly home?: HomeId }
type Lost = { readonly since: Instant; readonly why: string }

/** Resolves false when the journal could not take it. */
export const tellLineLost =
  (
    { door, whereabouts, clock }: Pick<Core, 'door' | 'whereabouts' | 'clock'>,
    siteHome: HomeId | undefined,
  ) =>
  async (line: Line, lost: Lost | undefined): Promise<boolean> => {
    const now = clock.now()
    const location = whereabouts.locateHome(line.home ?? siteHome)
    const subject = `line:${line.id}/line-lost`
    const occurrence: Occurrence = {
      receivedAt: now,
      data: { line: line.id, ...(lost && { why: lost.why }) },
    }
    const answer = await door.bySubject(subject, {
      command: (alarm): AlarmCommand => {
        if (!lost) return { type: 'clear', occurrence }
        const routing = whereabouts.route('line-lost', location)
        return alarm
          ? { type: 'note', text: `${line.id}: ${lost.why}` }
          : {
              type: 'raise',
              id: AlarmId.parse(randomUUIDv7()),
              kind: 'line-lost',
              subject,
              location,
              occurrence,
              routing,
            }
      },
      asked: { actor: { kind: 'rule', id: 'line-lost' }, now },
    })
    return !('refused' in answer && isPassing(answer.refused))
  }
