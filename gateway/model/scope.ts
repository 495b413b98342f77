/** Where somebody may act: scopes of people and programs, and the places of things, compared. Pure. */
import { z } from 'zod'
import type { Alarm } from './alarm.ts'
import { AreaId, type HomeId, InstitutionId, PointId, ResidentId } from './ids.ts'
import type { AlarmsWithin } from './journal.ts'
import type { RecordOf, Table } from './records.ts'

/** An area is meant with everything inside it. Nobody without a scope is bound: no scope at all means everywhere. */
export const Scope = z.union([
  z.strictObject({ area: AreaId }),
  z.strictObject({ point: PointId }),
  z.strictObject({ institution: InstitutionId }),
  z.strictObject({ resident: ResidentId }),
])
export type Scope = z.infer<typeof Scope>

/** By what a role can be bound. Those with `must` are of no use without. */
export const scopeKinds = {
  administrator: { by: ['area'], must: false },
  operator: { by: ['area'], must: false },
  'shift-leader': { by: ['area'], must: false },
  supervisor: { by: ['area'], must: false },
  assessor: { by: ['area'], must: false },
  technician: { by: ['area', 'institution'], must: false },
  'point-lead': { by: ['point'], must: true },
  responder: { by: ['point'], must: true },
  institution: { by: ['institution'], must: true },
  family: { by: ['resident'], must: true },
} as const

/** Where a thing is, and whose it is. */
export type Place = {
  /** Its area and every area around that one. Empty: nobody knows where it is. */
  readonly areas: readonly AreaId[]
  /** The service points it is, belongs to, or was offered to. */
  readonly points: readonly PointId[]
  readonly home?: HomeId
  readonly residents: readonly ResidentId[]
  /** Who runs a bed there. */
  readonly institutions: readonly InstitutionId[]
  /** A call from nowhere known: every area must be able to see it, or nobody might. */
  readonly everybodys?: true
}

const covers = (scope: Scope, place: Place): boolean => {
  if ('area' in scope) return place.areas.includes(scope.area) || place.everybodys === true
  if ('point' in scope) return place.points.includes(scope.point)
  if ('institution' in scope) return place.institutions.includes(scope.institution)
  return place.residents.includes(scope.resident)
}

export const sees = (scopes: readonly Scope[], place: Place): boolean =>
  scopes.length === 0 || scopes.some(scope => covers(scope, place))

/** What a route can be about. */
export type SubjectKind = Table | 'alarms' | 'jobs' | 'beds' | 'institutions'

/** The port to where things are. */
export interface Places {
  /** Undefined: there is no such thing. */
  of(kind: SubjectKind, id: string): Promise<Place | undefined>
  ofRecord<T extends Table>(table: T, record: RecordOf[T]): Place
  ofHome(home: HomeId | undefined): Place
  ofAlarm(alarm: Alarm): Place
  /** The alarms that these scopes cover, for a list of them. Undefined: all. */
  alarmsWithin(scopes: readonly Scope[]): AlarmsWithin | undefined
}
