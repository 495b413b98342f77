import { Link } from 'wouter'
import { useMay } from '../shell/session.ts'
import { useTitle } from './record-title.ts'
import type { TableName } from './table-names.ts'
import { tables } from './tables.ts'
import { useRecord } from './use-records.ts'

/** The way to another record, by what people know it by. */
export const ReferenceLink = ({ to, id }: { readonly to: TableName; readonly id: string }) => {
  const mayRead = useMay()(tables[to].read)
  const title = useTitle()
  const { data } = useRecord(to, mayRead ? id : undefined)
  return mayRead ? <Link href={`/registry/${to}/${id}`}>{data ? title(data) : id}</Link> : id
}
