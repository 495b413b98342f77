/** Figures of reports as people read them. A share is cut, never rounded up: 94.96 % does not become 95 %. */
import { clockText, numberText } from '../words/format.ts'
import type { IndicatorRow } from './use-reports.ts'

const cutAt = 10

export const shareText = (share: number): string =>
  `${numberText(Math.floor(share * 100 * cutAt + 1e-9) / cutAt, 1)} %`

/** An empty one: there was nothing to count. */
export const figureText = (value: number | null, unit: IndicatorRow['unit']): string => {
  if (value === null) return '–'
  if (unit === 'share') return shareText(value)
  if (unit === 'seconds') return clockText(value * 1_000)
  return numberText(value, 2)
}
