/** Installations: from the request of a home's devices to their acceptance. */
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { ErrorCode, Refusal } from '../model/errors.ts'
import { AreaId, UserId } from '../model/ids.ts'
import {
  checkOutcomes,
  type Job,
  type JobAct,
  JobRequest,
  jobStates,
  largestPictureBytes,
  pictureTypeOf,
  signers,
} from '../model/installation.ts'
import type { ApiApp, ApiPorts } from './app.ts'
import { inSight } from './authenticate.ts'
import { byOf } from './by.ts'
import { JobDetail, JobView, jobDetail, jobView } from './job-view.ts'
import { viewerOf } from './personal-view.ts'
import { problems, reading, writing } from './problem.ts'
import { IdParams, pageOf, pageQuery } from './shapes.ts'
import { unseen } from './unseen.ts'

const job = { kind: 'jobs', named: 'id' } as const
const lister = { access: { may: 'job:read', about: 'filtered' } } as const
const reader = { access: { may: 'job:read', about: job } } as const
const requester = { access: { may: 'job:request', about: 'filtered' } } as const
const worker = { access: { may: 'job:work', about: job } } as const
const tags = ['installation']

const version = z.int().min(1).describe("The job's, as whoever acts has seen it")
const text = z.string().min(1).max(2_000)

const PictureTypes = ['image/jpeg', 'image/png', 'image/webp']
/** JSON knows no pictures. */
const Picture = z.unknown().meta({ type: 'string', format: 'binary' })

const shown = (found: Job | Refusal, request: FastifyRequest, { installation }: ApiPorts) =>
  'refused' in found ? found : jobDetail(found, installation.jobs, viewerOf(request))

const addReading = (app: ApiApp, ports: ApiPorts): void => {
  const { registry, places } = ports
  const { jobs } = ports.installation

  app.get(
    '/api/jobs',
    {
      config: lister,
      schema: {
        tags,
        summary: 'Installations, newest first. A page may be short though another one follows',
        querystring: z.strictObject({
          state: z.enum(jobStates).exactOptional(),
          area: AreaId.exactOptional(),
          technician: UserId.exactOptional(),
          limit: pageQuery.limit,
          cursor: z
            .string()
            .regex(/^\d{1,15}$/)
            .exactOptional(),
        }),
        response: { 200: pageOf(JobView), ...problems(...reading, 'unknown-reference') },
      },
    },
    async request => {
      const { area, ...query } = request.query
      const refusal = unseen(request, ports)('areas', area)
      if (refusal) return refusal
      const sees = inSight(request)
      const areas = area && new Set(registry.areasWithin(area))
      const page = jobs.list({
        ...query,
        wanted(home) {
          const at = registry.get('homes', home)?.area
          return (!areas || (at !== undefined && areas.has(at))) && sees(places.ofHome(home))
        },
      })
      return { ...page, items: page.items.map(jobView) }
    },
  )

  app.get(
    '/api/jobs/:id',
    {
      config: reader,
      schema: {
        tags,
        summary: 'One installation, with what it lacks and all that was done',
        params: IdParams,
        response: { 200: JobDetail, ...problems(...reading, 'not-found') },
      },
    },
    async request => shown(jobs.get(request.params.id) ?? { refused: 'not-found' }, request, ports),
  )
}

const addRequesting = (app: ApiApp, ports: ApiPorts): void => {
  const { access, installation } = ports

  /** What a request names, and is not there. */
  const unknownIn = ({ institution, technician }: JobRequest): Refusal | undefined => {
    if (institution !== undefined && !installation.institutions.get(institution))
      return { refused: 'unknown-reference', detail: `there is no institution ${institution}` }
    return technician === undefined || access.users.get(technician)
      ? undefined
      : { refused: 'unknown-reference', detail: `there is no user ${technician}` }
  }

  app.post(
    '/api/jobs',
    {
      config: requester,
      schema: {
        tags,
        summary: 'Ask for devices in a home',
        body: JobRequest.unwrap(),
        response: {
          201: JobDetail,
          ...problems(...writing, 'unknown-reference', 'journal-unavailable'),
        },
      },
    },
    async (request, reply) => {
      const refusal = unseen(request, ports)('homes', request.body.home) ?? unknownIn(request.body)
      if (refusal) return refusal
      const made = installation.jobs.request(request.body, byOf(request))
      if ('refused' in made) return made
      request.subject = { kind: 'jobs', id: made.id }
      reply.code(201)
      return shown(made, request, ports)
    },
  )
}

type Act = {
  readonly summary: string
  readonly body: z.ZodType<JobAct & { readonly version: number }>
  readonly refusals?: readonly ErrorCode[]
}

const act = <T extends z.ZodRawShape>(members: T) => z.strictObject({ version, ...members })

const acts: Readonly<Record<string, Act>> = {
  survey: {
    summary: 'The home was looked at; whoever did it takes the job on, unless somebody is named',
    body: act({ notes: text }).transform(({ notes, ...rest }) => ({
      ...rest,
      type: 'survey' as const,
      paper: notes,
    })),
  },
  install: {
    summary: 'The devices are in place. Said again, it voids the signature',
    body: act({}).transform(rest => ({ ...rest, type: 'install' as const })),
  },
  check: {
    summary: 'One item of the checklist is done, or does not apply',
    body: act({ item: z.string().min(1).max(40), outcome: z.enum(checkOutcomes) }).transform(rest => ({
      ...rest,
      type: 'check' as const,
    })),
  },
  sign: {
    summary: 'The resident or a relative agrees with what was installed',
    body: act({ name: z.string().min(1).max(200), signer: z.enum(signers) }).transform(
      ({ name, ...rest }) => ({ ...rest, type: 'sign' as const, paper: name }),
    ),
  },
  accept: {
    summary: 'It works: each trigger has come in end to end, each item is done, and somebody has signed',
    body: act({}).transform(rest => ({ ...rest, type: 'accept' as const })),
    refusals: ['not-tested', 'not-complete', 'wrong-life-state'],
  },
  archive: {
    summary: 'The papers are in order',
    body: act({}).transform(rest => ({ ...rest, type: 'archive' as const })),
  },
  cancel: {
    summary: 'It will not be done',
    body: act({ reason: text }).transform(({ reason, ...rest }) => ({
      ...rest,
      type: 'cancel' as const,
      paper: reason,
    })),
  },
}

const refusals = [...writing, 'not-found', 'wrong-job-state', 'journal-unavailable'] as const

const addWorking = (app: ApiApp, ports: ApiPorts): void => {
  const { jobs } = ports.installation
  for (const [name, { summary, body, refusals: more = [] }] of Object.entries(acts)) {
    app.post(
      `/api/jobs/:id/${name}`,
      {
        config: worker,
        schema: {
          tags,
          summary,
          params: IdParams,
          body,
          response: { 200: JobDetail, ...problems(...refusals, ...more) },
        },
      },
      async request => shown(jobs.act(request.params.id, request.body, byOf(request)), request, ports),
    )
  }
}

const addPhotos = (app: ApiApp, ports: ApiPorts): void => {
  const { jobs } = ports.installation
  app.addContentTypeParser(
    PictureTypes,
    { parseAs: 'buffer' },
    async (_request: unknown, body: Buffer) => body,
  )

  app.post(
    '/api/jobs/:id/photo',
    {
      config: worker,
      bodyLimit: largestPictureBytes,
      schema: {
        tags,
        summary: 'A picture of what was installed: JPEG, PNG or WebP, at most 4 MiB',
        params: IdParams,
        querystring: z.strictObject({ version: z.coerce.number().int().min(1) }),
        consumes: PictureTypes,
        body: Picture,
        response: { 200: JobDetail, ...problems(...refusals) },
      },
    },
    async request => {
      const { body: picture } = request
      if (!(picture instanceof Uint8Array) || pictureTypeOf(picture) === undefined)
        return { refused: 'unsupported-media-type' as const, detail: 'neither JPEG nor PNG nor WebP' }
      const photo = { type: 'photo', paper: picture, version: request.query.version } as const
      return shown(jobs.act(request.params.id, photo, byOf(request)), request, ports)
    },
  )

  app.get(
    '/api/jobs/:id/photos/:ref',
    {
      config: reader,
      schema: {
        tags,
        summary: 'A picture, as it was taken in',
        params: IdParams.extend({ ref: z.string().min(1).max(100) }),
        response: {
          200: { description: 'JPEG, PNG or WebP', content: { 'image/*': { schema: Picture } } },
          ...problems(...reading, 'not-found'),
        },
      },
    },
    async (request, reply) => {
      const { id, ref } = request.params
      const found = jobs.get(id)
      const picture = found && jobs.photo(found, ref)
      if (!picture) return { refused: 'not-found' as const }
      return reply.type(pictureTypeOf(picture) ?? 'application/octet-stream').send(Buffer.from(picture))
    },
  )
}

export const jobRoutes = (app: ApiApp, ports: ApiPorts): void => {
  addReading(app, ports)
  addRequesting(app, ports)
  addWorking(app, ports)
  addPhotos(app, ports)
}
