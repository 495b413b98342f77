import type { FastifyRequest } from 'fastify'
import type { Refusal } from '../model/errors.ts'
import type { Table } from '../model/records.ts'
import type { ApiPorts } from './app.ts'
import { recordInSight } from './authenticate.ts'

const words = {
  areas: 'area',
  servicePoints: 'service point',
  responders: 'responder',
  homes: 'home',
  residents: 'resident',
  devices: 'device',
} as const satisfies Record<Table, string>

/**
 * Whoever names what is not there is refused: an empty list would look like peace. What lies outside the caller's scopes
 * is refused in the same words.
 */
export const unseen = (
  request: FastifyRequest,
  { registry, places }: Pick<ApiPorts, 'registry' | 'places'>,
): ((table: Table, id: string | undefined) => Refusal | undefined) => {
  const isSeen = recordInSight(request, places)
  return (table, id) => {
    const record = id === undefined ? undefined : registry.get(table, id)
    if (id === undefined || (record && isSeen(table, record))) return undefined
    return { refused: 'unknown-reference', detail: `there is no ${words[table]} ${id}` }
  }
}
