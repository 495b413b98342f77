import { PointId } from '../../../gateway/model/ids.ts'
import { type Position, ServicePointRecord } from '../../../gateway/model/records.ts'

/** A point near the middle of Anshan, unless told otherwise. */
export const point = (id: string, rest: Partial<Record<keyof ServicePointRecord, unknown>> = {}) =>
  ServicePointRecord.parse({ id, name: id, area: 'tiedong', position: at(41.1, 122.99), ...rest })

export const at = (lat: number, lon: number): Position => ({ lat, lon, datum: 'WGS84' })

export const ids = (...names: string[]): ReadonlySet<PointId> =>
  new Set(names.map(name => PointId.parse(name)))
