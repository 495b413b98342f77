/** Who runs beds. */
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { Institution } from '../model/installation.ts'
import type { ApiApp, ApiPorts } from './app.ts'
import { inSight } from './authenticate.ts'
import { byOf } from './by.ts'
import { problems, reading, writing } from './problem.ts'
import { IdParams, pageByKey, pageOf, pageQuery } from './shapes.ts'

const InstitutionView = Institution.unwrap().meta({ id: 'Institution' })
const Patch = z.strictObject({
  name: InstitutionView.shape.name.exactOptional(),
  suspended: z.boolean().exactOptional(),
})

const reader = { access: { may: 'bed:read', about: 'filtered' } } as const
/** None is of one area: they are kept by whoever is bound to none. */
const writer = { access: { may: 'bed:write', about: 'everything' } } as const
const tags = ['installation']

/** Itself, and whoever sees a home in which it runs a bed. */
const isSeen = (request: FastifyRequest, { installation, places }: ApiPorts) => {
  const sees = inSight(request)
  return ({ id }: Institution): boolean =>
    sees({ areas: [], points: [], residents: [], institutions: [id] }) ||
    installation.beds.homesOf(id).some(home => sees({ ...places.ofHome(home), institutions: [] }))
}

const addReading = (app: ApiApp, ports: ApiPorts): void => {
  const { institutions } = ports.installation

  app.get(
    '/api/institutions',
    {
      config: reader,
      schema: {
        tags,
        summary: 'Institutions that run beds, in order of id',
        querystring: z.strictObject(pageQuery),
        response: { 200: pageOf(InstitutionView), ...problems(...reading) },
      },
    },
    async request =>
      pageByKey([...institutions.all()].filter(isSeen(request, ports)), ({ id }) => id, request.query),
  )

  app.get(
    '/api/institutions/:id',
    {
      config: reader,
      schema: {
        tags,
        summary: 'One of the institutions',
        params: IdParams,
        response: { 200: InstitutionView, ...problems(...reading, 'not-found') },
      },
    },
    async request => {
      const institution = institutions.get(request.params.id)
      return institution && isSeen(request, ports)(institution)
        ? institution
        : { refused: 'not-found' as const }
    },
  )
}

export const institutionRoutes = (app: ApiApp, ports: ApiPorts): void => {
  const { institutions } = ports.installation
  addReading(app, ports)

  app.post(
    '/api/institutions',
    {
      config: writer,
      schema: {
        tags,
        summary: 'Add an institution',
        body: InstitutionView,
        response: { 201: InstitutionView, ...problems(...writing, 'duplicate-id', 'journal-unavailable') },
      },
    },
    async (request, reply) => {
      const created = institutions.create(request.body, byOf(request))
      if ('refused' in created) return created
      request.subject = { kind: 'institutions', id: created.id }
      reply.code(201)
      return created
    },
  )

  app.patch(
    '/api/institutions/:id',
    {
      config: writer,
      schema: {
        tags,
        summary: 'Rename, suspend or resume one; a suspended one can have no bed enabled',
        params: IdParams,
        body: Patch,
        response: { 200: InstitutionView, ...problems(...writing, 'not-found', 'journal-unavailable') },
      },
    },
    async request => institutions.patch(request.params.id, request.body, byOf(request)),
  )
}
