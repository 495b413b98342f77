import { useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type { FalseAlarmsView, IndicatorsView } from '../../gateway/api/indicators.ts'
import { get, query } from '../shell/api.ts'

export type Indicators = z.infer<typeof IndicatorsView>
export type IndicatorRow = Indicators['rows'][number]
export type Provider = Indicators['byProvider'][number]
export type FalseAlarms = z.infer<typeof FalseAlarmsView>

/** A month with many alarms is counted for a while. */
const countingMs = 60_000

/** @param month such as 2026-10; undefined: this one. @param area undefined: all in sight. */
export type Asked = { readonly month: string | undefined; readonly area: string | undefined }

export const useIndicators = (asked: Asked) =>
  useQuery({
    queryKey: ['indicators', asked],
    queryFn: ({ signal }) =>
      get<Indicators>(`/api/indicators${query(asked)}`, { signal, timeoutMs: countingMs }),
  })

/** Of the month of these indicators. */
export const useFalseAlarms = (of: Indicators) => {
  const span = { from: of.from, to: of.to, area: of.area ?? undefined }
  return useQuery({
    queryKey: ['false-alarms', span],
    queryFn: ({ signal }) =>
      get<FalseAlarms>(`/api/reports/false-alarms${query(span)}`, { signal, timeoutMs: countingMs }),
  })
}
