import type { ReactNode } from 'react'

export type Column<T> = {
  readonly name: ReactNode
  readonly cell: (row: T) => ReactNode
  /** Numbers stand under each other. */
  readonly isNumber?: boolean
}

/** A plain table that a screen reader can walk through. It scrolls sideways by itself where it is too wide. */
export const Table = <T,>({
  label,
  columns,
  rows,
  keyOf,
  whenEmpty,
}: {
  readonly label: string
  readonly columns: readonly Column<T>[]
  readonly rows: readonly T[]
  readonly keyOf: (row: T) => string
  readonly whenEmpty: ReactNode
}) =>
  rows.length === 0 ? (
    <p className="empty">{whenEmpty}</p>
  ) : (
    // A region that scrolls must be reachable by keyboard (WCAG 2.1.1)
    <div className="table-scroll" role="region" aria-label={label} tabIndex={0}>
      <table className="table">
        <caption className="unseen">{label}</caption>
        <thead>
          <tr>
            {columns.map(({ name, isNumber }, index) => (
              <th key={index} scope="col" className={isNumber ? 'number' : undefined}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(row => (
            <tr key={keyOf(row)}>
              {columns.map(({ cell, isNumber }, index) => (
                <td key={index} className={isNumber ? 'number' : undefined}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
