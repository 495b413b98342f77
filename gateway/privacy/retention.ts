/** Once a day lets go of what has been kept for long enough, and puts on record how much that was. */
import type { Clock } from '../model/clock.ts'
import { type Instant, type ResidentId, UserId } from '../model/ids.ts'
import type { Registry } from '../model/registry.ts'
import type { Trail } from '../model/trail.ts'
import type { Papers, PersonalData } from '../model/vault.ts'

const dayMs = 86_400_000
/** Between two residents: each erasure rewrites small files, and alarms must have their turn. */
const restMs = 1_000
/** After the start, when calls that have waited are through. A gateway that is started anew every day is not spared. */
const firstRunMs = 10 * 60_000

const itself = { id: UserId.parse('retention'), name: '保存期限 retention' }

export type RetentionPorts = {
  readonly papers: Pick<Papers, 'eraseBefore'>
  readonly personalData: Pick<PersonalData, 'erase'>
  readonly registry: Pick<Registry, 'all'>
  readonly trail: Pick<Trail, 'record'>
  readonly clock: Clock
  readonly limits: { readonly papersDays: number; readonly formerResidentsDays: number }
  readonly log: { error(facts: object, message: string): void }
}

export const createRetention = (ports: RetentionPorts): { stop(): void } => {
  const { papers, personalData, registry, trail, clock, limits, log } = ports
  let cancelRest = (): void => undefined

  const longGone = (before: Instant): readonly ResidentId[] =>
    [...registry.all('residents')]
      .filter(
        ({ leftAt, erasedAt }) =>
          leftAt !== undefined && erasedAt === undefined && Date.parse(leftAt) < before,
      )
      .map(({ id }) => id)

  const rest = (): Promise<void> =>
    new Promise(resolve => {
      cancelRest = clock.after(restMs, resolve)
    })
  /** One after the other; who still has an open alarm is for tomorrow. */
  const eraseFormer = async (
    now: Instant,
  ): Promise<{ readonly erased: number; readonly refused: number }> => {
    let [erased, refused] = [0, 0]
    for (const resident of longGone(now - limits.formerResidentsDays * dayMs)) {
      if ('refused' in (await personalData.erase(resident, itself))) refused += 1
      else erased += 1
      await rest()
    }
    return { erased, refused }
  }
  const run = async (): Promise<void> => {
    const now = clock.now()
    const erasedPapers = papers.eraseBefore(now - limits.papersDays * dayMs)
    const { erased, refused } = await eraseFormer(now)
    await trail.record({
      at: now,
      actor: { kind: 'clock' },
      action: 'retention',
      outcome: 'done',
      facts: { papers: erasedPapers, residents: erased, residentsRefused: refused },
    })
  }
  const daily = (): void => {
    cancel = clock.after(dayMs, daily)
    run().catch((error: unknown) =>
      log.error({ error: String(error) }, 'retention failed; it is tried again tomorrow'),
    )
  }
  let cancel = clock.after(firstRunMs, daily)

  return {
    stop() {
      cancel()
      cancelRest()
    },
  }
}
