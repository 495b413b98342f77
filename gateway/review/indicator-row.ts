/** How one indicator is put together from what was counted. Pure. */
import type { IndicatorRow, Name } from '../model/review.ts'
import { percentile } from './percentile.ts'

type What = { readonly id: string; readonly zh: string; readonly en: string }
type More = Partial<Pick<IndicatorRow, 'asOf' | 'target' | 'source'>>

const rowOf = (
  { id, zh, en }: What,
  figures: Pick<IndicatorRow, 'unit' | 'value' | 'numerator' | 'denominator'>,
  more: More = {},
): IndicatorRow => ({ id, name: { zh, en } satisfies Name, asOf: 'month', ...figures, ...more })

/** So many out of so many. */
export const countRow = (what: What, numerator: number, denominator: number, more?: More): IndicatorRow =>
  rowOf(what, { unit: 'count', value: numerator, numerator, denominator }, more)

export const shareRow = (what: What, numerator: number, denominator: number, more?: More): IndicatorRow => {
  const value = denominator === 0 ? null : numerator / denominator
  return rowOf(what, { unit: 'share', value, numerator, denominator }, more)
}

/** Median and 95th percentile of times that `of` alarms could have had. */
export const timeRows = (what: What, timesMs: readonly number[], of: number): readonly IndicatorRow[] =>
  [
    { percent: 50, suffix: 'median', zh: '中位数', en: 'median' },
    { percent: 95, suffix: 'p95', zh: '第 95 百分位', en: '95th percentile' },
  ].map(({ percent, suffix, zh, en }) => {
    const ms = percentile(timesMs, percent)
    return rowOf(
      { id: `${what.id}-${suffix}`, zh: `${what.zh}，${zh}`, en: `${what.en}, ${en}` },
      { unit: 'seconds', value: ms === null ? null : ms / 1_000, numerator: timesMs.length, denominator: of },
    )
  })

export const meanRow = (what: What, values: readonly number[]): IndicatorRow => {
  const numerator = values.reduce((sum, value) => sum + value, 0)
  const denominator = values.length
  const value = denominator === 0 ? null : numerator / denominator
  return rowOf(what, { unit: 'mark', value, numerator, denominator })
}
