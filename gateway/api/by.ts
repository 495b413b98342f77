import type { FastifyRequest } from 'fastify'
import type { By } from '../model/provisioning.ts'
import { principalOf } from './authenticate.ts'

/** Who asks, as it is written down beside what was done. */
export const byOf = (request: FastifyRequest): By => {
  const { id, name } = principalOf(request)
  return { id, name }
}
