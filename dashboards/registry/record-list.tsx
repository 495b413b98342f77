/** All records of a table that match: only those in sight are drawn, and further ones asked for as somebody comes near. */
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef } from 'react'
import { Link } from 'wouter'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import type { AnyRecord } from './field.ts'
import { FieldText } from './field-text.tsx'
import { useTitle } from './record-title.ts'
import { useRegistryWords } from './registry-words.ts'
import type { TableFacts } from './tables.ts'
import { type Asked, useRecords } from './use-records.ts'

const rowPx = 56
/** Rows before the last one at which the next page is asked for. */
const near = 30

const Row = ({
  table,
  record,
  href,
  isCurrent,
}: {
  readonly table: TableFacts
  readonly record: AnyRecord
  readonly href: string
  readonly isCurrent: boolean
}) => {
  const title = useTitle()(record)
  const shown = table.fields.filter(({ name }) => table.inList.includes(name) && record[name] !== undefined)
  return (
    <Link href={href} className="registry-row" aria-current={isCurrent ? 'true' : undefined}>
      <strong>{title}</strong>
      <span className="small quiet">
        {title !== record.id && record.id}
        {shown.map(field => (
          <FieldText key={field.name} field={field} value={record[field.name]} />
        ))}
      </span>
    </Link>
  )
}

export const RecordList = ({
  table,
  asked,
  current,
  search,
}: {
  readonly table: TableFacts
  readonly asked: Asked
  readonly current: string | undefined
  /** Of the address, so that the list stays as it is when a record is opened. */
  readonly search: string
}) => {
  const say = useRegistryWords()
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useRecords(table.name, asked)
  const records = data?.pages.flatMap(({ items }) => items) ?? []
  const place = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({
    count: records.length,
    getScrollElement: () => place.current,
    estimateSize: () => rowPx,
    overscan: 10,
  })
  const shown = rows.getVirtualItems()
  const last = shown.at(-1)?.index ?? 0
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && last >= records.length - near) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, last, records.length, fetchNextPage])
  return (
    <div className="registry-list" ref={place}>
      <ProblemNotice error={error} />
      {data && records.length === 0 && <p className="empty">{say('none')}</p>}
      <ul style={{ height: rows.getTotalSize() }}>
        {shown.map(({ index, start }) => {
          const record = records[index]
          return (
            record && (
              <li key={record.id} style={{ transform: `translateY(${start}px)` }}>
                <Row
                  table={table}
                  record={record}
                  href={`/registry/${table.name}/${record.id}${search}`}
                  isCurrent={record.id === current}
                />
              </li>
            )
          )
        })}
      </ul>
    </div>
  )
}
