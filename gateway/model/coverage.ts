/** Which homes somebody can reach in time: words and port. Pure. */
import type { AreaId, PointId } from './ids.ts'
import type { HomeRecord, ServicePointRecord } from './records.ts'

/** The 15-minute circle of the plans (15 分钟服务圈). */
export const circleMinutes = 15

export type Way = {
  readonly point: PointId
  /** To a tenth, rounded up. */
  readonly travelMinutes: number
}

/** `nearest` undefined: the home has no position, or no point that takes emergencies is open. */
export type HomeReach = { readonly home: HomeRecord; readonly nearest?: Way }

/** Out of everybody's reach (盲区). Of a home without a position nobody can tell. */
export const isUncovered = ({ home, nearest }: HomeReach, minutes: number): boolean =>
  home.position !== undefined && (nearest === undefined || nearest.travelMinutes > minutes)

export type CoverageCounts = {
  readonly total: number
  readonly uncovered: number
  readonly withoutPosition: number
}

export const countCoverage = (reaches: readonly HomeReach[], minutes: number): CoverageCounts => ({
  total: reaches.length,
  uncovered: reaches.filter(reach => isUncovered(reach, minutes)).length,
  withoutPosition: reaches.filter(({ home }) => home.position === undefined).length,
})

/** The port to who reaches whom, as points are open now. */
export interface Coverage {
  isOpen(point: ServicePointRecord): boolean
  /** The 15-minute circle around a point that takes emergencies now, for homes that are served as its own area is. */
  reachMeters(point: ServicePointRecord): number | undefined
  /** Every home. Worked out in slices, and remembered until the registry changes, or who is open. */
  homes(): Promise<readonly HomeReach[]>
  /** Of the homes in this area and everything inside it, or of all: how many are out of the 15-minute circles. */
  uncovered(area?: AreaId): Promise<CoverageCounts>
}
