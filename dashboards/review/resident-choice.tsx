import { useQuery } from '@tanstack/react-query'
import type { ResidentRecord } from '../../gateway/model/records.ts'
import { SearchChoice } from '../kit/search-choice.tsx'
import { get, query } from '../shell/api.ts'
import { useReviewWords } from './review-words.ts'

const shownAtOnce = 20

/** As far as the caller sees it. */
type Shown = Pick<ResidentRecord, 'id'> & Partial<ResidentRecord>

const optionOf = ({ id, name }: Shown) => ({ value: String(id), label: name ? `${name} · ${id}` : id })

const search = async (text: string, signal: AbortSignal) => {
  const found = `/api/residents${query({ text, limit: shownAtOnce })}`
  const { items } = await get<{ readonly items: readonly Shown[] }>(found, { signal })
  return items.map(optionOf)
}

export const ResidentChoice = ({
  resident,
  onChange,
}: {
  readonly resident: string | undefined
  readonly onChange: (resident: string) => void
}) => {
  const say = useReviewWords()
  const { data } = useQuery({
    queryKey: ['registry', 'residents', 'one', resident],
    queryFn: ({ signal }) => get<Shown>(`/api/residents/${resident}`, { signal }),
    enabled: resident !== undefined,
  })
  return (
    <SearchChoice
      label={say('resident')}
      searchKey="residents"
      search={search}
      chosen={data && optionOf(data)}
      onChange={chosen => chosen !== undefined && onChange(chosen)}
    />
  )
}
