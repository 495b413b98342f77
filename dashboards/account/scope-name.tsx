import { useQuery } from '@tanstack/react-query'
import { get } from '../shell/api.ts'
import { words } from '../words/words.ts'
import { pathOf, type ScopeKind, type ScopeText } from './scopes.ts'

export const useScopeWords = words<ScopeKind>('scope', {
  zh: { area: '区域', point: '站点', institution: '机构', resident: '老人' },
  en: { area: 'Area', point: 'Point', institution: 'Institution', resident: 'Resident' },
})

/** Names change rarely. */
const freshMs = 10 * 60_000

type Named = { readonly id: string; readonly name?: string }

/** What is bound to, by its name. What has gone, or cannot be seen, keeps its id. */
export const ScopeName = ({ scope: { kind, id } }: { readonly scope: ScopeText }) => {
  const say = useScopeWords()
  const { data } = useQuery({
    queryKey: ['scope', kind, id],
    queryFn: ({ signal }) => get<Named>(`${pathOf[kind]}/${encodeURIComponent(id)}`, { signal }),
    staleTime: freshMs,
  })
  return (
    <span>
      {say(kind)} {data?.name ?? id}
    </span>
  )
}
