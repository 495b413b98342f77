import { SearchChoice } from '../kit/search-choice.tsx'
import { get, query } from '../shell/api.ts'
import type { AnyRecord } from './field.ts'
import { useTitle } from './record-title.ts'
import type { TableName } from './table-names.ts'
import { tables } from './tables.ts'
import { useRecord } from './use-records.ts'

const shownAtOnce = 20

/** Another record, found by name or id. */
export const RecordChoice = ({
  label,
  to,
  value,
  onChange,
  isRequired,
}: {
  readonly label: string
  readonly to: TableName
  readonly value: string
  readonly onChange: (id: string | undefined) => void
  readonly isRequired: boolean
}) => {
  const title = useTitle()
  const optionOf = (record: AnyRecord) => ({
    value: record.id,
    label: title(record) === record.id ? record.id : `${title(record)} · ${record.id}`,
  })
  const { data } = useRecord(to, value === '' ? undefined : value)
  const search = async (text: string, signal: AbortSignal) => {
    const asked = query({ limit: shownAtOnce, ...(tables[to].isSearched && { text }) })
    const { items } = await get<{ readonly items: readonly AnyRecord[] }>(`/api/${to}${asked}`, { signal })
    return items.map(optionOf)
  }
  const known = data ? optionOf(data) : { value, label: value }
  return (
    <SearchChoice
      label={label}
      searchKey={to}
      search={search}
      chosen={value === '' ? undefined : known}
      onChange={onChange}
      isRequired={isRequired}
    />
  )
}
