/** Lists and single records of all tables. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { get, query } from '../shell/api.ts'
import type { AnyRecord } from './field.ts'
import type { TableName } from './table-names.ts'

type Page = { readonly items: readonly AnyRecord[]; readonly nextCursor: string | null }

const pageSize = 100

/** Begins the keys of all that is asked about a table, so that a change renews it. */
export const tableKey = (table: TableName) => ['registry', table] as const

/** Empty values ask for nothing. */
export type Asked = Readonly<Record<string, string>>

const pageOf = (table: TableName, asked: Asked, signal: AbortSignal, cursor = ''): Promise<Page> =>
  get<Page>(`/api/${table}${query({ ...asked, limit: pageSize, cursor })}`, { signal })

/** Without an end: the next page is asked for when somebody comes near to it. */
export const useRecords = (table: TableName, asked: Asked) =>
  useInfiniteQuery({
    queryKey: [...tableKey(table), 'list', asked],
    initialPageParam: '',
    queryFn: ({ signal, pageParam }) => pageOf(table, asked, signal, pageParam),
    getNextPageParam: page => page.nextCursor,
  })

export const useRecord = (table: TableName, id: string | undefined) =>
  useQuery({
    queryKey: [...tableKey(table), 'one', id],
    queryFn: ({ signal }) => get<AnyRecord>(`/api/${table}/${id}`, { signal }),
    enabled: id !== undefined,
  })

/** The first of those that name this record. */
export const useRelated = (table: TableName, asked: Asked) =>
  useQuery({
    queryKey: [...tableKey(table), 'related', asked],
    queryFn: ({ signal }) => pageOf(table, asked, signal),
  })
