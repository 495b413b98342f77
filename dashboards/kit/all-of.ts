/** All of a list that the gateway gives in pages. */
import { get, query } from '../shell/api.ts'

const pageSize = 200
/** 10,000 things. Beyond: the rest is left out, because no page shows more at once. */
const maxPages = 50

type PageOf<T> = { readonly items: readonly T[]; readonly nextCursor: string | null }

/** @param path without a query */
export const allOf = async <T>(path: string, signal?: AbortSignal): Promise<readonly T[]> => {
  const items: T[] = []
  let cursor: string | undefined
  for (let pages = 0; pages < maxPages; pages++) {
    const place = query({ limit: pageSize, cursor })
    const page: PageOf<T> = await get<PageOf<T>>(`${path}${place}`, signal && { signal })
    items.push(...page.items)
    if (page.nextCursor === null) break
    cursor = page.nextCursor
  }
  return items
}
