/** Reads columns as what they must be. Anything else is a damaged file, and throws. */
import type { Statement } from '../../kit/sqlite.ts'

export type Row = NonNullable<ReturnType<Statement['get']>>

export const textIn = (row: Row, column: string): string => {
  const value = row[column]
  if (typeof value !== 'string') throw new Error(`column ${column} holds no text`)
  return value
}

export const numberIn = (row: Row, column: string): number => {
  const value = row[column]
  if (typeof value !== 'number') throw new Error(`column ${column} holds no number`)
  return value
}

export const textOrNullIn = (row: Row, column: string): string | null =>
  row[column] === null ? null : textIn(row, column)
