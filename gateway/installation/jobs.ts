/** Installation jobs on disk: who asked for what, who did what, and what is still open. */
import { z } from 'zod'
import type { Database } from '../kit/sqlite.ts'
import type { Refusal } from '../model/errors.ts'
import { HomeId, JobId } from '../model/ids.ts'
import {
  checklist,
  type Job,
  type JobCommand,
  JobEvent,
  type JobRequest,
  type JobState,
  type Jobs,
  Job as StoredJob,
} from '../model/installation.ts'
import type { By } from '../model/provisioning.ts'
import type { Concerned } from '../model/vault.ts'
import { decideJob, type Kit, lacksOf } from './decide-job.ts'
import { bornJob, evolveJob } from './evolve-job.ts'
import type { StagePorts } from './stage-ports.ts'
import type { Steps } from './steps.ts'
import { withPaper } from './with-paper.ts'
import { written } from './written.ts'

/** Jobs looked at for one page. Beyond: the page ends there, and the next begins there. */
const maxLookedAt = 1_000

const Row = z.object({
  number: z.number(),
  home: HomeId,
  technician: z.string().nullable(),
  data: z.string(),
})

const openJob = (data: string): Job => StoredJob.parse(JSON.parse(data))

const numberOf = (id: string): number | undefined => {
  const [, digits] = /^job-(\d{1,12})$/.exec(id) ?? []
  return digits === undefined ? undefined : Number(digits)
}

const subjectOf = (id: JobId): string => `jobs/${id}`

const createTable = (database: Database) => {
  const upsert = database.prepare(`
    INSERT INTO job (number, home, state, technician, data) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (number) DO UPDATE SET state = excluded.state, technician = excluded.technician, data = excluded.data
  `)
  const select = database.prepare('SELECT * FROM job WHERE number = ?')
  const last = database.prepare('SELECT coalesce(max(number), 0) AS number FROM job')
  const newest = database.prepare(
    `SELECT * FROM job WHERE number < ? ORDER BY number DESC LIMIT ${maxLookedAt + 1}`,
  )
  const newestIn = database.prepare(
    `SELECT * FROM job WHERE number < ? AND state = ? ORDER BY number DESC LIMIT ${maxLookedAt + 1}`,
  )
  const accepted = database.prepare(
    "SELECT 1 FROM job WHERE home = ? AND state IN ('accepted', 'archived') LIMIT 1",
  )
  return {
    write: (job: Job): void =>
      void upsert.run(
        numberOf(job.id) ?? null,
        job.home,
        job.state,
        job.technician ?? null,
        JSON.stringify(job),
      ),
    read(id: string) {
      const number = numberOf(id)
      const row = number === undefined ? undefined : select.get(number)
      return row && Row.parse(row)
    },
    nextId(): JobId {
      const { number } = z.object({ number: z.number() }).parse(last.get())
      return JobId.parse(`job-${number + 1}`)
    },
    *rows(before: number, state: JobState | undefined) {
      const rows = state === undefined ? newest.iterate(before) : newestIn.iterate(before, state)
      for (const row of rows) yield Row.parse(row)
    },
    wasAccepted: (home: HomeId): boolean => accepted.get(home) !== undefined,
  }
}

/** `wasAccepted`: an installation in this home has been. */
export type JobBook = Jobs & { wasAccepted(home: HomeId): boolean; kitOf(home: HomeId): readonly Kit[] }

export const createJobs = (database: Database, steps: Steps, ports: StagePorts): JobBook => {
  const { registry, lives, papers, clock } = ports
  const table = createTable(database)

  const get = (id: string): Job | undefined => {
    const row = table.read(id)
    return row && openJob(row.data)
  }

  const kitOf = (home: HomeId): readonly Kit[] =>
    registry.devicesOf(home).map(({ id, model }) => ({
      device: id,
      model,
      untested: lives.untested(id),
      tests: lives.of(id)?.tests ?? [],
    }))

  /** Who lives there alone takes it along. */
  const aboutHome = (home: HomeId): Concerned => {
    const [resident, ...others] = registry.residentsOf(home)
    return { home, ...(resident && others.length === 0 && { resident: resident.id }) }
  }

  /** Those that came with a registry document are at work already. */
  const enable = (kit: readonly Kit[], by: By): Refusal | undefined => {
    for (const { device } of kit) {
      const life = lives.of(device)
      const refusal = life && life.state !== 'enabled' ? lives.enable(device, by) : undefined
      if (refusal) return { ...refusal, detail: `${device}: ${refusal.detail ?? 'cannot be enabled'}` }
    }
    return undefined
  }

  const take = (job: Job, command: JobCommand & { readonly version: number }, by: By): Job | Refusal => {
    const kit = kitOf(job.home)
    const event = decideJob(job, command, { version: command.version, kit })
    if ('refused' in event) return event
    // Before the acceptance is on disk: interrupted in between, it is accepted again, and nothing has been left out.
    const refusal = event.type === 'accepted' ? enable(kit, by) : undefined
    if (refusal) return refusal
    const step = { event, by, at: clock.now() }
    const after = evolveJob(job, step)
    steps.add(subjectOf(job.id), step, () => table.write(after))
    return after
  }

  return {
    get,
    kitOf,
    wasAccepted: table.wasAccepted,
    homeOf: id => table.read(id)?.home,
    list({ state, technician, wanted, limit, cursor }) {
      const items: Job[] = []
      let last = cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(cursor)
      let lookedAt = 0
      for (const row of table.rows(last, state)) {
        if (items.length === limit || lookedAt === maxLookedAt) return { items, nextCursor: String(last) }
        lookedAt += 1
        last = row.number
        const isMeant = technician === undefined || technician === row.technician
        if (isMeant && wanted(row.home)) items.push(openJob(row.data))
      }
      return { items, nextCursor: null }
    },
    steps: id => steps.of(subjectOf(id), JobEvent),
    lacks: job => lacksOf(job, kitOf(job.home)),
    texts: ({ notes, signature, cancelled }) => ({
      ...written(papers, 'notes', notes),
      ...written(papers, 'signatory', signature?.name),
      ...written(papers, 'reason', cancelled?.reason),
    }),
    photo: ({ photos }, ref) => (photos.some(({ photo }) => photo === ref) ? papers.bytes(ref) : undefined),
    tests: job =>
      job.accepted?.tests ??
      kitOf(job.home).flatMap(({ device, tests }) => tests.map(test => ({ device, ...test }))),
    request(request: JobRequest, by) {
      if (!registry.get('homes', request.home))
        return { refused: 'unknown-reference', detail: `there is no home ${request.home}` }
      const at = clock.now()
      const event = { type: 'requested', job: request, checklist: Object.keys(checklist) } as const
      const job = bornJob(table.nextId(), event, { by, at })
      steps.add(subjectOf(job.id), { event, by, at }, () => table.write(job))
      return job
    },
    act(id, act, by) {
      const job = get(id)
      if (!job) return { refused: 'not-found', detail: `there is no job ${id}` }
      return 'paper' in act
        ? withPaper(papers, { content: act.paper, about: aboutHome(job.home), at: clock.now() }, paper =>
            take(job, { ...act, paper }, by),
          )
        : take(job, act, by)
    },
  }
}
