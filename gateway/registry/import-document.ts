/** The registry document taken apart into tables of rows. What is no table of ours is named, not dropped. */
import { type RejectedRow, type Table, tables } from '../model/records.ts'
import type { Problem } from './check.ts'
import { noRows, type Row, rejection } from './import-rows.ts'

export const readDocument = (
  document: unknown,
): { readonly rowsOf: ReadonlyMap<Table, readonly Row[]>; readonly rejected: readonly RejectedRow[] } => {
  const rowsOf = new Map<Table, readonly Row[]>()
  const rejected: RejectedRow[] = []
  const refuse = (table: string, said: Pick<Problem, 'message' | 'messageZh'>): void => {
    rejected.push(
      rejection(
        table.slice(0, maxNameLength),
        { row: 0, value: undefined },
        { field: null, code: 'invalid-record', ...said },
      ),
    )
  }
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    refuse('', {
      message: `the document is not an object with the tables ${tables.join(', ')}`,
      messageZh: `文件不是含有这些表的对象：${tables.join('、')}`,
    })
    return { rowsOf, rejected }
  }
  for (const [name, rows] of Object.entries(document)) {
    const table = tables.find(one => one === name)
    if (!table)
      refuse(name, {
        message: `this is not a table; the tables are ${tables.join(', ')}`,
        messageZh: `没有这张表；可用的表：${tables.join('、')}`,
      })
    else if (!Array.isArray(rows)) refuse(name, noRows)
    else
      rowsOf.set(
        table,
        rows.map((value: unknown, row) => ({ row, value })),
      )
  }
  return { rowsOf, rejected }
}

const maxNameLength = 64
