import { useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type { UncoveredHome as UncoveredHomeShape } from '../../gateway/api/wall.ts'
import { get, query } from '../shell/api.ts'

export type UncoveredHome = z.infer<typeof UncoveredHomeShape>

const pageSize = 200
/** 2,000 homes: more dots make no clearer picture. Beyond, the rest is left out. */
const maxPages = 10
/** It changes when points open and close. */
const askEveryMs = 60_000

type Page = { readonly homes: readonly UncoveredHome[]; readonly nextCursor: string | null }

const none: readonly UncoveredHome[] = []

/** Homes that no open point reaches in 15 minutes. */
export const useUncovered = (area: string | undefined) => {
  const { data, error } = useQuery({
    queryKey: ['coverage', area],
    queryFn: async ({ signal }) => {
      const homes: UncoveredHome[] = []
      let cursor: string | undefined
      for (let pages = 0; pages < maxPages; pages++) {
        const path = `/api/coverage${query({ area, limit: pageSize, cursor })}`
        const page: Page = await get<Page>(path, { signal })
        homes.push(...page.homes)
        if (page.nextCursor === null) break
        cursor = page.nextCursor
      }
      return homes
    },
    refetchInterval: askEveryMs,
  })
  return { uncovered: data ?? none, error }
}
