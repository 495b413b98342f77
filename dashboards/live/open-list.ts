/** The list of open alarms, whole, and what has become of those that are no longer in it. */
import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import { ApiProblem, type get } from '../shell/api.ts'

const pageSize = 200
/** Of more that are no longer open only the first are asked for: the others are gone from the page without a word. */
const goneLimit = 50

type Page = {
  readonly items: readonly AlarmView[]
  readonly nextCursor: string | null
  readonly head: number
}

export type Ask = typeof get

export type OpenList = { readonly items: readonly AlarmView[]; readonly head: number }

export const loadOpen = async (ask: Ask, signal: AbortSignal): Promise<OpenList> => {
  const items: AlarmView[] = []
  let head: number | undefined
  let cursor: string | null = ''
  while (cursor !== null) {
    const place: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const page: Page = await ask<Page>(`/api/alarms?state=open&limit=${pageSize}${place}`, { signal })
    items.push(...page.items)
    // Of the first page: whatever moved while the others were read is told by the stream.
    head ??= page.head
    cursor = page.nextCursor
  }
  return { items, head: head ?? 0 }
}

/** Those that are still to be seen: ended while nobody told us. */
export const loadGone = async (
  ask: Ask,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<readonly AlarmView[]> => {
  const told = await Promise.all(
    ids.slice(0, goneLimit).map(async id => {
      try {
        return [await ask<AlarmView>(`/api/alarms/${encodeURIComponent(id)}`, { signal })]
      } catch (error) {
        if (error instanceof ApiProblem && [403, 404].includes(error.problem.status)) return []
        throw error
      }
    }),
  )
  return told.flat()
}
