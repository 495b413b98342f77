/** The audit trail, for those who look after the others: a search, its head, and a table to take away. */
import { Readable } from 'node:stream'
import { z } from 'zod'
import type { Principal } from '../model/access.ts'
import { UserId } from '../model/ids.ts'
import type { RecordedTrailEntry, Trail, TrailQuery } from '../model/trail.ts'
import type { ApiApp, ApiPorts } from './app.ts'
import { principalOf } from './authenticate.ts'
import { byteOrderMark, csvLine } from './csv.ts'
import { problems, reading } from './problem.ts'
import { instantOf, Moment, momentOf, pageOf, pageQuery, Shown } from './shapes.ts'
import { unrecorded } from './trail-hook.ts'
import type { Recorder } from './trail-recorder.ts'

type Ports = ApiPorts & { readonly recorder: Recorder }

/** So many entries of an export are in memory at once. */
const exportedAtOnce = 500

const filters = {
  actor: UserId.exactOptional().describe('Whose acts'),
  action: z.string().max(200).exactOptional().describe('Begins with, such as `POST /api/residents/`'),
  subject: z.string().max(200).exactOptional().describe('Begins with, such as `residents/r-0001`'),
  text: z.string().min(1).max(200).exactOptional().describe('Stands in the reason'),
  from: Moment.exactOptional().describe('From then on'),
  to: Moment.exactOptional().describe('Up to, but without'),
}
const Filters = z.strictObject(filters)
const Query = z.strictObject({
  ...filters,
  ...pageQuery,
  cursor: z
    .string()
    .regex(/^\d{1,15}$/)
    .exactOptional()
    .describe('`nextCursor` of the page before'),
})

const EntryView = z
  .object({
    seq: z.int(),
    at: Shown,
    actor: z.object({ kind: z.string(), id: z.string().nullable(), name: z.string().nullable() }),
    address: z.string().nullable(),
    action: z.string(),
    subject: z.string().nullable(),
    reason: z.string().nullable(),
    outcome: z.string().describe('`done`, or the code of the refusal'),
    facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    areas: z.array(z.string()).describe('The area where it happened and those around it'),
    hash: z.string(),
  })
  .meta({ id: 'TrailEntry' })
type EntryView = z.infer<typeof EntryView>

const entryView = ({ actor, ...entry }: RecordedTrailEntry): EntryView => ({
  seq: entry.seq,
  at: momentOf(entry.at),
  actor: {
    kind: actor.kind,
    id: 'id' in actor ? actor.id : null,
    name: 'name' in actor ? actor.name : null,
  },
  address: entry.address ?? null,
  action: entry.action,
  subject: entry.subject ?? null,
  reason: entry.reason ?? null,
  outcome: entry.outcome,
  facts: entry.facts ?? {},
  areas: [...(entry.areas ?? [])],
  hash: entry.hash,
})

/** What the caller asks for, within what the caller may see. Entries name the areas around theirs, so no tree is needed. */
const questionOf = (
  { from, to, ...query }: z.infer<typeof Filters>,
  { scopes }: Principal,
): Omit<TrailQuery, 'limit'> => ({
  ...query,
  ...(from !== undefined && { from: instantOf(from) }),
  ...(to !== undefined && { to: instantOf(to) }),
  ...(scopes.length > 0 && { areas: scopes.flatMap(scope => ('area' in scope ? [scope.area] : [])) }),
})

const columns = {
  seq: view => view.seq,
  at: view => view.at,
  actorKind: ({ actor }) => actor.kind,
  actorId: ({ actor }) => actor.id,
  actorName: ({ actor }) => actor.name,
  address: view => view.address,
  action: view => view.action,
  subject: view => view.subject,
  reason: view => view.reason,
  outcome: view => view.outcome,
  facts: view => JSON.stringify(view.facts),
  areas: view => view.areas.join(' '),
  hash: view => view.hash,
} satisfies Readonly<Record<string, (view: EntryView) => string | number | null>>

async function* csvOf(trail: Trail, question: Omit<TrailQuery, 'limit'>): AsyncGenerator<string> {
  yield `${byteOrderMark}${csvLine(Object.keys(columns))}`
  for (let before: number | undefined; ; ) {
    const page = await trail.search({
      ...question,
      limit: exportedAtOnce,
      ...(before !== undefined && { before }),
    })
    yield page
      .map(entryView)
      .map(view => csvLine(Object.values(columns).map(column => column(view))))
      .join('')
    before = page.at(-1)?.seq
    if (page.length < exportedAtOnce) return
  }
}

const filtered = { access: { may: 'trail:read', about: 'filtered' } } as const
const csvType = 'text/csv'

const addExport = (app: ApiApp, ports: Ports): void => {
  app.get(
    '/api/trail.csv',
    {
      config: filtered,
      schema: {
        tags: ['trail'],
        summary: 'The same as a table, whole. What begins like a formula has a quote before it',
        querystring: Filters,
        response: {
          200: { description: 'CSV (RFC 4180), UTF-8', content: { [csvType]: { schema: z.any() } } },
          ...problems(...reading, 'not-recorded'),
        },
      },
    },
    async (request, reply) => {
      // What is taken away is on record first, in the table itself as well.
      const refused = await unrecorded(request, ports)
      if (refused) return refused
      const question = questionOf(request.query, principalOf(request))
      return reply
        .type(`${csvType}; charset=utf-8`)
        .header('content-disposition', 'attachment; filename="trail.csv"')
        .send(Readable.from(csvOf(ports.trail, question)))
    },
  )
}

const Head = z.object({ seq: z.int(), hash: z.string() })

export const trailRoutes = (app: ApiApp, ports: Ports): void => {
  const { trail, journal } = ports
  app.get(
    '/api/trail',
    {
      config: filtered,
      schema: {
        tags: ['trail'],
        summary: 'Who did or looked at what, from where and why: newest first',
        querystring: Query,
        response: { 200: pageOf(EntryView), ...problems(...reading) },
      },
    },
    async request => {
      const { limit, cursor, ...query } = request.query
      const found = await trail.search({
        ...questionOf(query, principalOf(request)),
        limit: limit + 1,
        ...(cursor !== undefined && { before: Number(cursor) }),
      })
      const page = found.slice(0, limit)
      const last = page.at(-1)
      return {
        items: page.map(entryView),
        nextCursor: last && found.length > page.length ? String(last.seq) : null,
      }
    },
  )
  app.get(
    '/api/trail/head',
    {
      config: { access: { may: 'trail:read', about: 'common' } },
      schema: {
        tags: ['trail'],
        summary: 'The heads of both chains, to compare with what was written down elsewhere',
        response: { 200: z.object({ events: Head, trail: Head }), ...problems(...reading) },
      },
    },
    async () => ({ events: journal.head(), trail: trail.head() }),
  )
  addExport(app, ports)
}
