import type { FastifyRequest } from 'fastify'
import type { Place } from '../model/scope.ts'
import { inSight } from './authenticate.ts'

/** Whether the caller sees a place, or an alarm at `alarm` shows it: a point of the neighbours that was asked. */
export const knownThrough = (
  request: FastifyRequest,
  alarm: Place | undefined,
): ((place: Place) => boolean) => {
  const isSeen = inSight(request)
  return place => isSeen(place) || place.points.some(point => alarm?.points.includes(point))
}
