/**
 * Problem documents (RFC 9457). A handler answers an expected failure as a `Refusal` value; it becomes a problem document
 * on its way out. Whatever else goes wrong becomes one too, without a word of the inside.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { type ErrorCode, errors, type Refusal } from '../model/errors.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Why it was refused. */
    refused: ErrorCode | null
  }
}

const mediaType = 'application/problem+json'

const ProblemShape = z
  .looseObject({
    type: z.string().describe('`urn:anling:error:` and the code'),
    title: z.string(),
    titleZh: z.string(),
    status: z.int(),
    code: z.string().describe('One of the codes in docs/errors.md; stable'),
    detail: z.string().optional(),
    instance: z.string().describe('The path that was asked'),
    errors: z
      .array(z.object({ in: z.string(), path: z.string(), message: z.string() }))
      .optional()
      .describe('Every mistake of an `invalid-request`, with its place'),
  })
  .meta({ id: 'Problem', description: 'RFC 9457. Further members are facts, such as `holder`.' })
type Problem = z.infer<typeof ProblemShape>

/** Handlers answer the refusal; the document is what goes out. */
const ProblemOrRefusal: z.ZodType<Problem | Refusal> = ProblemShape

type ProblemAnswer = {
  description: string
  content: { [mediaType]: { schema: typeof ProblemOrRefusal } }
}

const answer = (codes: readonly ErrorCode[]): ProblemAnswer => ({
  description: codes.map(code => `\`${code}\`: ${errors[code].title}`).join('; '),
  content: { [mediaType]: { schema: ProblemOrRefusal } },
})

/** The problem answers of a route, by status. Any route may meet a bug. */
export const problems = (...codes: readonly ErrorCode[]): { readonly default: ProblemAnswer } => {
  const byStatus = Map.groupBy(codes, code => errors[code].status)
  return {
    ...Object.fromEntries([...byStatus].map(([status, same]) => [status, answer(same)])),
    default: answer(['internal-error']),
  }
}

/** What any route may refuse that asks who calls, */
export const reading = ['invalid-request', 'not-logged-in', 'not-allowed', 'too-many-requests'] as const
/** and any such route that may be sent a body. */
export const writing = [...reading, 'body-too-large', 'unsupported-media-type'] as const

export const isRefusal = (payload: unknown): payload is Refusal =>
  typeof payload === 'object' &&
  payload !== null &&
  'refused' in payload &&
  typeof payload.refused === 'string' &&
  Object.hasOwn(errors, payload.refused)

const pathOf = (url: string): string => url.split('?', 1)[0] ?? url

/** Sets status and headers, and answers the document. */
export const renderProblem = (request: FastifyRequest, reply: FastifyReply, refusal: Refusal): Problem => {
  const { refused: code, detail, facts } = refusal
  const { status, title, titleZh } = errors[code]
  request.refused = code
  reply.code(status).type(mediaType)
  if (status === 401) reply.header('www-authenticate', 'Bearer')
  if (typeof facts?.retryAfterSeconds === 'number') {
    reply.header('retry-after', String(facts.retryAfterSeconds))
  }
  return {
    ...facts,
    type: `urn:anling:error:${code}`,
    title,
    titleZh,
    status,
    code,
    ...(detail === undefined ? {} : { detail }),
    instance: pathOf(request.url),
  }
}

/** For where no hook turns a refusal into its document. */
export const sendProblem = (request: FastifyRequest, reply: FastifyReply, refusal: Refusal): void => {
  void reply.send(renderProblem(request, reply, refusal))
}

const codeOf = (error: object): string =>
  'code' in error && typeof error.code === 'string' ? error.code : ''

/** Of what the framework threw for bad input. Undefined: nobody's input did this. */
const clientFault = (error: Error): Refusal | undefined => {
  if (hasZodFastifySchemaValidationErrors(error)) {
    const mistakes = error.validation.map(({ instancePath, message }) => ({
      in: error.validationContext === 'querystring' ? 'query' : (error.validationContext ?? 'request'),
      path: instancePath,
      message: message ?? '',
    }))
    return {
      refused: 'invalid-request',
      detail: mistakes.map(({ in: where, path, message }) => `${where} ${path}: ${message}`).join('; '),
      facts: { errors: mistakes },
    }
  }
  const status = 'statusCode' in error ? Number(error.statusCode) : 500
  if (status === 413) return { refused: 'body-too-large' }
  if (status === 415) return { refused: 'unsupported-media-type' }
  return status >= 400 && status < 500 ? { refused: 'invalid-request', detail: error.message } : undefined
}

/** What may be said outside of anything that was thrown. Bugs go to the log. */
export const refusalOf = (error: Error, request: FastifyRequest): Refusal => {
  const refusal = clientFault(error)
  if (refusal) return refusal
  request.log.error({ err: error, url: pathOf(request.url) }, 'a request failed')
  return codeOf(error) === 'ERR_SQLITE_ERROR'
    ? { refused: 'journal-unavailable', detail: 'the disk did not take or give the data' }
    : { refused: 'internal-error' }
}
