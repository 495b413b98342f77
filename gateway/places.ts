/** Where things are and whose they are, for who may see them: registry, journal, beds and jobs put together. */
import type { Alarm } from './model/alarm.ts'
import { AlarmId, type AreaId, type HomeId, InstitutionId, type PointId } from './model/ids.ts'
import type { AlarmsWithin } from './model/journal.ts'
import type { RecordOf, Table } from './model/records.ts'
import type { Registry } from './model/registry.ts'
import type { Place, Places, Scope, SubjectKind } from './model/scope.ts'

export type PlacesPorts = {
  readonly registry: Registry
  readonly alarm: (id: AlarmId) => Promise<Alarm | undefined>
  /** Who runs beds in this home. */
  readonly institutionsIn: (home: HomeId) => readonly InstitutionId[]
  readonly homesOf: (institution: InstitutionId) => readonly HomeId[]
  readonly homeOfBed: (id: string) => HomeId | undefined
  readonly homeOfJob: (id: string) => HomeId | undefined
}

/** The relatives of who has left see no more of who lives there now. */
const livesThere = ({ leftAt, erasedAt }: RecordOf['residents']): boolean =>
  leftAt === undefined && erasedAt === undefined

const nowhere: Place = { areas: [], points: [], residents: [], institutions: [] }

export const createPlaces = (ports: PlacesPorts): Places => {
  const { registry } = ports

  const around = (area: AreaId | undefined): readonly AreaId[] => {
    const areas: AreaId[] = []
    for (let at = area; at !== undefined; at = registry.get('areas', at)?.parent) areas.push(at)
    return areas
  }
  const ofHome = (id: HomeId | undefined): Place => {
    const home = id && registry.get('homes', id)
    if (!home) return nowhere
    return {
      ...nowhere,
      areas: around(home.area),
      home: home.id,
      residents: registry
        .residentsOf(home.id)
        .filter(livesThere)
        .map(resident => resident.id),
      institutions: ports.institutionsIn(home.id),
    }
  }
  const ofPoint = (id: PointId): Place => ({
    ...nowhere,
    areas: around(registry.get('servicePoints', id)?.area),
    points: [id],
  })

  const ofAnyRecord = {
    areas: ({ id, parent }) => ({ ...nowhere, areas: [id, ...around(parent)] }),
    servicePoints: ({ id, area }) => ({ ...nowhere, areas: around(area), points: [id] }),
    responders: ({ point }) => ofPoint(point),
    homes: ({ id, area }) => ({ ...ofHome(id), areas: around(area) }),
    residents: ({ id, home }) => ({ ...ofHome(home), residents: [id] }),
    devices: ({ home }) => ofHome(home),
  } as const satisfies { readonly [T in Table]: (record: RecordOf[T]) => Place }
  const ofRecord = <T extends Table>(table: T, record: RecordOf[T]): Place => {
    const placeOf: { readonly [K in Table]: (one: RecordOf[K]) => Place } = ofAnyRecord
    return placeOf[table](record)
  }

  /** Whoever was asked, holds it or is sent to it sees it, wherever it is. */
  const ofAlarm = ({ location, asked, holder, handlers, dispatchedPoint }: Alarm): Place => {
    const home = ofHome(location.home)
    const points = [
      ...asked.flatMap(one => (one.kind === 'point' ? [one.point] : [])),
      ...[...handlers, ...(holder ? [holder] : [])].flatMap(one => (one.kind === 'point' ? [one.id] : [])),
      ...(dispatchedPoint ? [dispatchedPoint] : []),
    ]
    return {
      ...home,
      // Where it was when it rang, though the home may have been moved or forgotten since.
      areas: around(location.area),
      points,
      ...(location.area === undefined && { everybodys: true as const }),
    }
  }

  const homesIn = (scope: Scope): readonly HomeId[] => {
    if ('institution' in scope) return ports.homesOf(scope.institution)
    const resident = 'resident' in scope ? registry.get('residents', scope.resident) : undefined
    return resident && livesThere(resident) ? [resident.home] : []
  }
  const alarmsWithin = (scopes: readonly Scope[]): AlarmsWithin | undefined => {
    if (scopes.length === 0) return undefined
    const areas = scopes.flatMap(scope => ('area' in scope ? [scope.area] : []))
    return {
      // Whoever is bound to no area does not see what is in none.
      ...(areas.length > 0 && { areas: areas.flatMap(registry.areasWithin) }),
      points: scopes.flatMap(scope => ('point' in scope ? [scope.point] : [])),
      homes: scopes.flatMap(homesIn),
    }
  }

  const of = async (kind: SubjectKind, id: string): Promise<Place | undefined> => {
    switch (kind) {
      case 'alarms': {
        const parsed = AlarmId.safeParse(id)
        const alarm = parsed.success ? await ports.alarm(parsed.data) : undefined
        return alarm && ofAlarm(alarm)
      }
      case 'jobs':
      case 'beds': {
        const home = kind === 'jobs' ? ports.homeOfJob(id) : ports.homeOfBed(id)
        return home && ofHome(home)
      }
      case 'institutions':
        return {
          ...nowhere,
          institutions: InstitutionId.safeParse(id).success ? [InstitutionId.parse(id)] : [],
        }
      default: {
        const record = registry.get(kind, id)
        return record && ofRecord(kind, record)
      }
    }
  }

  return { of, ofRecord, ofHome, ofAlarm, alarmsWithin }
}
