/** A person's own second factor: codes that change with time (RFC 6238). */
import { z } from 'zod'
import type { ApiApp, ApiPorts } from './app.ts'
import { problems, writing } from './problem.ts'
import { GivenCode, GivenPassword, originOf, personOf } from './session-shapes.ts'

const config = { access: 'self' } as const
const refusals = [...writing, 'wrong-credentials', 'wrong-second-factor-state'] as const

export const Enrolment = z
  .object({
    secret: z.string().describe('Base32, to be typed in; shown this once'),
    uri: z.string().describe('otpauth://…'),
    qr: z.string().describe('The same as a picture: SVG'),
  })
  .meta({ id: 'SecondFactorEnrolment' })

export const RecoveryCodes = z
  .object({
    recoveryCodes: z.array(z.string()).describe('Each logs in once in place of a code; shown this once'),
  })
  .meta({ id: 'RecoveryCodes' })

export const secondFactorRoutes = (app: ApiApp, { access }: ApiPorts): void => {
  app.post(
    '/api/session/second-factor',
    {
      config,
      schema: {
        tags: ['session'],
        summary: 'Begin to set up a second factor, to be confirmed within ten minutes',
        body: z.strictObject({ password: GivenPassword }),
        response: { 200: Enrolment, ...problems(...refusals, 'too-many-attempts') },
      },
    },
    async request => {
      const person = personOf(request)
      if ('refused' in person) return person
      return access.secondFactors.begin({ ...person, ...request.body, ...originOf(request) })
    },
  )

  app.post(
    '/api/session/second-factor/confirm',
    {
      config,
      schema: {
        tags: ['session'],
        summary: 'Confirm it with a first code: from now on logins need one',
        body: z.strictObject({ code: GivenCode }),
        response: { 200: RecoveryCodes, ...problems(...refusals) },
      },
    },
    async request => {
      const person = personOf(request)
      if ('refused' in person) return person
      const confirmed = access.secondFactors.confirm(person.username, request.body.code)
      return 'refused' in confirmed ? confirmed : { recoveryCodes: [...confirmed.recoveryCodes] }
    },
  )

  app.delete(
    '/api/session/second-factor',
    {
      config,
      schema: {
        tags: ['session'],
        summary: 'Remove it',
        body: z.strictObject({ password: GivenPassword, code: GivenCode }),
        response: { 204: z.undefined(), ...problems(...refusals, 'too-many-attempts') },
      },
    },
    async (request, reply) => {
      const person = personOf(request)
      if ('refused' in person) return person
      const removed = await access.secondFactors.remove({
        ...person,
        ...request.body,
        ...originOf(request),
      })
      return 'refused' in removed ? removed : reply.code(204).send()
    },
  )
}
