/** Beds at home: who is watched where, for whom, from when to when. */
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Refusal } from '../model/errors.ts'
import { BedId, HomeId, InstitutionId, ResidentId } from '../model/ids.ts'
import { type BedCommand, InstallationTexts } from '../model/installation.ts'
import { maskFields } from '../model/personal.ts'
import { type Bed, bedStates } from '../model/provisioning.ts'
import type { Place } from '../model/scope.ts'
import type { ApiApp, ApiPorts } from './app.ts'
import { inSight } from './authenticate.ts'
import { byOf } from './by.ts'
import { viewerOf } from './personal-view.ts'
import { problems, reading, writing } from './problem.ts'
import {
  ByView,
  IdParams,
  instantOf,
  Moment,
  momentOf,
  momentOrNull,
  pageByKey,
  pageOf,
  pageQuery,
  Shown,
} from './shapes.ts'

const BedView = z
  .object({
    id: z.string(),
    resident: z.string(),
    home: z.string(),
    institution: z.string(),
    from: Shown,
    until: Shown.nullable().describe('The first moment that it does not cover; null: open'),
    state: z.enum(bedStates),
    consent: z.boolean().describe('The resident has consented to being watched, and it stands'),
  })
  .meta({ id: 'Bed' })

export const BedDetail = BedView.extend({
  steps: z.array(z.object({ what: z.string(), by: ByView, at: Shown, reason: z.string().nullable() })),
}).meta({ id: 'BedDetail' })

const NewBed = z.strictObject({
  id: BedId,
  resident: ResidentId,
  home: HomeId,
  institution: InstitutionId,
  from: Moment,
  until: Moment.exactOptional(),
})
const Patch = z.strictObject({
  from: Moment.exactOptional(),
  until: Moment.nullable().exactOptional().describe('null: open'),
})
const Reason = z.strictObject({ reason: z.string().min(1).max(500) })

const bed = { kind: 'beds', named: 'id' } as const
const lister = { access: { may: 'bed:read', about: 'filtered' } } as const
const maker = { access: { may: 'bed:write', about: 'filtered' } } as const
const reader = { access: { may: 'bed:read', about: bed } } as const
const writer = { access: { may: 'bed:write', about: bed } } as const
const tags = ['installation']
const refusals = [...writing, 'not-found', 'wrong-bed-state', 'journal-unavailable'] as const

const viewOf = (one: Bed, { installation }: ApiPorts): z.infer<typeof BedView> => ({
  ...one,
  from: momentOf(one.from),
  until: momentOrNull(one.until),
  consent: installation.beds.consented(one),
})

const detailOf = (one: Bed, request: FastifyRequest, ports: ApiPorts): z.infer<typeof BedDetail> => ({
  ...viewOf(one, ports),
  steps: ports.installation.beds.steps(one).map(({ event, by, at, reason = '' }) => ({
    what: event.type,
    by,
    at: momentOf(at),
    reason: maskFields(InstallationTexts, { reason }, viewerOf(request)).reason || null,
  })),
})

/** An institution sees its own beds only, also where another one runs a bed in the same home. */
const placeOf = ({ home, institution }: Pick<Bed, 'home' | 'institution'>, { places }: ApiPorts): Place => {
  const place = places.ofHome(home)
  return { ...place, institutions: place.institutions.filter(one => one === institution) }
}

/** Of what has ended, an institution sees no more than of the home. */
const isSeen = (request: FastifyRequest, ports: ApiPorts) => {
  const sees = inSight(request)
  return (one: Pick<Bed, 'home' | 'institution'>): boolean => sees(placeOf(one, ports))
}

const find = (id: string, request: FastifyRequest, ports: ApiPorts): Bed | Refusal => {
  const one = ports.installation.beds.get(id)
  return one && isSeen(request, ports)(one) ? one : { refused: 'not-found' }
}

const addReading = (app: ApiApp, ports: ApiPorts): void => {
  const { beds } = ports.installation

  app.get(
    '/api/beds',
    {
      config: lister,
      schema: {
        tags,
        summary: 'Beds at home, in order of id',
        querystring: z.strictObject({
          ...pageQuery,
          home: HomeId.exactOptional(),
          resident: ResidentId.exactOptional(),
          institution: InstitutionId.exactOptional(),
          state: z.enum(bedStates).exactOptional(),
        }),
        response: { 200: pageOf(BedView), ...problems(...reading) },
      },
    },
    async request => {
      const { limit, cursor, ...wanted } = request.query
      const sees = isSeen(request, ports)
      const found = [...beds.all()].filter(
        one =>
          (wanted.home ?? one.home) === one.home &&
          (wanted.resident ?? one.resident) === one.resident &&
          (wanted.institution ?? one.institution) === one.institution &&
          (wanted.state ?? one.state) === one.state &&
          sees(one),
      )
      const page = pageByKey(found, ({ id }) => id, { limit, ...(cursor !== undefined && { cursor }) })
      return { ...page, items: page.items.map(one => viewOf(one, ports)) }
    },
  )

  app.get(
    '/api/beds/:id',
    {
      config: reader,
      schema: {
        tags,
        summary: 'One bed, with all that was done to it',
        params: IdParams,
        response: { 200: BedDetail, ...problems(...reading, 'not-found') },
      },
    },
    async request => {
      const one = find(request.params.id, request, ports)
      return 'refused' in one ? one : detailOf(one, request, ports)
    },
  )
}

const addPlanning = (app: ApiApp, ports: ApiPorts): void => {
  const { beds } = ports.installation

  app.post(
    '/api/beds',
    {
      config: maker,
      schema: {
        tags,
        summary:
          'Plan a bed. Whoever is bound to an institution plans further ones where it runs one already',
        body: NewBed,
        response: {
          201: BedDetail,
          ...problems(
            ...writing,
            'duplicate-id',
            'unknown-reference',
            'invalid-record',
            'journal-unavailable',
          ),
        },
      },
    },
    async (request, reply) => {
      const { from, until, ...rest } = request.body
      // A bed lets its institution see the home: nobody gives themselves that.
      if (!isSeen(request, ports)(rest))
        return { refused: 'unknown-reference' as const, detail: `there is no home ${rest.home}` }
      const planned = beds.plan(
        { ...rest, from: instantOf(from), ...(until !== undefined && { until: instantOf(until) }) },
        byOf(request),
      )
      if ('refused' in planned) return planned
      request.subject = { kind: 'beds', id: planned.id }
      reply.code(201)
      return detailOf(planned, request, ports)
    },
  )

  app.patch(
    '/api/beds/:id',
    {
      config: writer,
      schema: {
        tags,
        summary: 'Change from when to when',
        params: IdParams,
        body: Patch,
        response: { 200: BedDetail, ...problems(...refusals, 'invalid-record') },
      },
    },
    async request => {
      const { from, until } = request.body
      const change: BedCommand = {
        type: 'change',
        ...(from !== undefined && { from: instantOf(from) }),
        ...(until !== undefined && { until: until === null ? null : instantOf(until) }),
      }
      return act(request.params.id, change, request)
    },
  )

  const act = (id: string, command: BedCommand, request: FastifyRequest) => {
    const one = find(id, request, ports)
    const after = 'refused' in one ? one : beds.act(one.id, command, byOf(request))
    return 'refused' in after ? after : detailOf(after, request, ports)
  }

  app.post(
    '/api/beds/:id/enable',
    {
      config: writer,
      schema: {
        tags,
        summary: 'Somebody is watched here from now on: once the installation was accepted, with consent',
        params: IdParams,
        body: z.strictObject({}),
        response: {
          200: BedDetail,
          ...problems(...refusals, 'not-tested', 'consent-missing', 'not-complete'),
        },
      },
    },
    async request => act(request.params.id, { type: 'enable' }, request),
  )

  for (const type of ['suspend', 'end'] as const) {
    app.post(
      `/api/beds/:id/${type}`,
      {
        config: writer,
        schema: {
          tags,
          summary:
            type === 'end' ? 'It is over, for good' : 'For a while; it is enabled again like a new one',
          params: IdParams,
          body: Reason,
          response: { 200: BedDetail, ...problems(...refusals) },
        },
      },
      async request => act(request.params.id, { type, paper: request.body.reason }, request),
    )
  }
}

export const bedRoutes = (app: ApiApp, ports: ApiPorts): void => {
  addReading(app, ports)
  addPlanning(app, ports)
}
