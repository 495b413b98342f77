/** What personal data the caller sees, and how. */
import type { FastifyRequest } from 'fastify'
import { foundText } from '../kit/found-text.ts'
import type { FoundBy } from '../model/alarm.ts'
import { maskFields, seesClear, type Viewer } from '../model/personal.ts'
import { HomeRecord } from '../model/records.ts'
import { principalOf } from './authenticate.ts'

export const viewerOf = (request: FastifyRequest): Viewer => principalOf(request)

/** A home, with as much of its address as this viewer sees. */
export const shownHome = <T extends Partial<HomeRecord>>(home: T, viewer: Viewer): Partial<T> =>
  maskFields(HomeRecord, home, viewer)

/** What a rule found: the samples that made it tell of somebody's health. */
export const shownFound = (found: FoundBy, viewer: Viewer): ReturnType<typeof foundText> =>
  foundText(seesClear(viewer, 'health') ? found : { ...found, evidence: [] })
