import type { FastifySchemaCompiler } from 'fastify'
import { validatorCompiler as byZod } from 'fastify-type-provider-zod'
import type { z } from 'zod'

/** Validates each part of a request by its schema. No body is an empty one: then each missing member is named. */
export const validateAll: FastifySchemaCompiler<z.ZodType> = route => {
  const validate = byZod(route)
  return route.httpPart === 'body' ? body => validate(body ?? {}) : validate
}

/** For bodies that the registry checks itself and answers in its own codes: their schema is documentation. */
export const validateAllButBody: FastifySchemaCompiler<z.ZodType> = route =>
  route.httpPart === 'body' ? (body: unknown) => ({ value: body ?? {} }) : byZod(route)
