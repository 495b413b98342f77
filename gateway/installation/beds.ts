/** Beds on disk, and in memory: who may see what hangs on them, so that they are asked for at every turn. */
import { z } from 'zod'
import type { Database } from '../kit/sqlite.ts'
import type { Refusal } from '../model/errors.ts'
import type { BedId, HomeId } from '../model/ids.ts'
import { type BedBook, type BedCommand, BedEvent, type Institutions } from '../model/installation.ts'
import { Bed, type By } from '../model/provisioning.ts'
import { type BedReadiness, bedAt, decideBed, evolveBed, mistakeIn } from './decide-bed.ts'
import type { JobBook } from './jobs.ts'
import type { StagePorts } from './stage-ports.ts'
import type { Steps } from './steps.ts'
import { withPaper } from './with-paper.ts'
import { written } from './written.ts'

const Row = z.object({ data: z.string() })

const subjectOf = (id: BedId): string => `beds/${id}`

/** Adds to, or takes from, what is kept under a key. */
const file = <K>(index: Map<K, Set<BedId>>, key: K, id: BedId): void => {
  const filed = index.get(key) ?? new Set()
  index.set(key, filed.add(id))
}

export type BedBooks = {
  readonly steps: Steps
  readonly jobs: Pick<JobBook, 'wasAccepted' | 'kitOf'>
  readonly institutions: Pick<Institutions, 'get'>
}

export const createBeds = (database: Database, books: BedBooks, ports: StagePorts): BedBook => {
  const { registry, consents, papers, clock } = ports
  const { steps, jobs, institutions } = books
  const beds = new Map<string, Bed>()
  /** Neither changes in the life of a bed. */
  const byHome = new Map<HomeId, Set<BedId>>()
  const byInstitution = new Map<Bed['institution'], Set<BedId>>()
  const upsert = database.prepare(
    'INSERT INTO bed (id, data) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET data = excluded.data',
  )

  const remember = (bed: Bed): void => {
    beds.set(bed.id, bed)
    file(byHome, bed.home, bed.id)
    file(byInstitution, bed.institution, bed.id)
  }
  for (const row of database.prepare('SELECT data FROM bed').iterate())
    remember(Bed.parse(JSON.parse(Row.parse(row).data)))

  const get = (id: string): Bed | undefined => {
    const bed = beds.get(id)
    return bed && bedAt(bed, clock.now())
  }
  const notEnded = (ids: Iterable<BedId> = []): readonly Bed[] =>
    [...ids].flatMap(id => get(id) ?? []).filter(({ state }) => state !== 'ended')

  const readiness = (bed: Bed): BedReadiness => ({
    accepted: jobs.wasAccepted(bed.home),
    untested: jobs
      .kitOf(bed.home)
      .flatMap(({ device, untested }) => (untested.length > 0 ? [{ device, triggers: untested }] : [])),
    consent: consents.given(bed.resident, 'monitoring', clock.now()),
    livesThere: registry.get('residents', bed.resident)?.home === bed.home,
    institutionSuspended: institutions.get(bed.institution)?.suspended ?? false,
  })

  const record = (after: Bed, event: BedEvent, by: By): Bed => {
    steps.add(subjectOf(after.id), { event, by, at: clock.now() }, () =>
      upsert.run(after.id, JSON.stringify(after)),
    )
    remember(after)
    return after
  }

  const take = (bed: Bed, command: BedCommand, by: By): Bed | Refusal => {
    const event = decideBed(bed, command, { now: clock.now(), ready: readiness(bed) })
    return 'refused' in event ? event : record(evolveBed(bed, event), event, by)
  }

  /** What a new bed refers to, and is not there. */
  const unknownIn = ({ home, resident, institution }: Omit<Bed, 'state'>): string | undefined => {
    if (!registry.get('homes', home)) return `there is no home ${home}`
    if (registry.get('residents', resident)?.home !== home) return `no resident ${resident} lives in ${home}`
    return institutions.get(institution) ? undefined : `there is no institution ${institution}`
  }

  return {
    get,
    *all() {
      for (const bed of beds.values()) yield bedAt(bed, clock.now())
    },
    ofHome: home => notEnded(byHome.get(home)),
    homesOf: institution => [...new Set(notEnded(byInstitution.get(institution)).map(({ home }) => home))],
    steps: ({ id }) =>
      steps.of(subjectOf(id), BedEvent).map(step => ({
        ...step,
        ...written(papers, 'reason', 'reason' in step.event ? step.event.reason : undefined),
      })),
    consented: bed => consents.given(bed.resident, 'monitoring', clock.now()),
    plan(given, by) {
      if (beds.has(given.id)) return { refused: 'duplicate-id', detail: `there is a bed ${given.id}` }
      const unknown = unknownIn(given)
      if (unknown !== undefined) return { refused: 'unknown-reference', detail: unknown }
      const bed: Bed = { ...given, state: 'planned' }
      return mistakeIn(bed) ?? record(bed, { type: 'planned' }, by)
    },
    act(id, command, by) {
      const bed = get(id)
      if (!bed) return { refused: 'not-found', detail: `there is no bed ${id}` }
      if (!('paper' in command)) return take(bed, command, by)
      const about = { resident: bed.resident, home: bed.home }
      return withPaper(papers, { content: command.paper, about, at: clock.now() }, paper =>
        take(bed, { ...command, paper }, by),
      )
    },
  }
}
