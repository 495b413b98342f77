/** The tree of areas, for pages that show one part of a city. */
import { useQuery } from '@tanstack/react-query'
import type { AreaRecord } from '../../gateway/model/records.ts'
import { allOf } from '../kit/all-of.ts'

/** Areas change a few times a year. */
const freshMs = 10 * 60_000

export type Areas = ReadonlyMap<string, AreaRecord>

const noAreas: Areas = new Map()

export const useAreas = (): Areas => {
  const { data } = useQuery({
    queryKey: ['areas'],
    queryFn: async ({ signal }) =>
      new Map((await allOf<AreaRecord>('/api/areas', signal)).map(area => [String(area.id), area])),
    staleTime: freshMs,
  })
  return data ?? noAreas
}

/** It and everything around it, the nearest first. A tree that is not one ends as well. */
const around = (areas: Areas, id: string): readonly AreaRecord[] => {
  const found: AreaRecord[] = []
  let area = areas.get(id)
  while (area && !found.includes(area)) {
    found.push(area)
    area = area.parent === undefined ? undefined : areas.get(area.parent)
  }
  return found
}

export const isWithin = (areas: Areas, id: string, outer: string): boolean =>
  around(areas, id).some(area => area.id === outer)

/** The county of an area, or the widest known around it. */
export const countyOf = (areas: Areas, id: string): string => {
  const all = around(areas, id)
  return (all.find(({ level }) => level === 'county') ?? all.at(-1))?.id ?? id
}

export const areaName = (areas: Areas, id: string): string => areas.get(id)?.name ?? id
