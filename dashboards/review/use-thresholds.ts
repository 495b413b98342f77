import { useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type { ThresholdChangeView, ThresholdView } from '../../gateway/api/thresholds.ts'
import { get } from '../shell/api.ts'
import { useMay } from '../shell/session.ts'

export type Threshold = z.infer<typeof ThresholdView>
export type ThresholdChange = z.infer<typeof ThresholdChangeView>
export type Thresholds = { readonly items: readonly Threshold[] }

/** Begins the keys of both queries, so that a change renews both. */
export const thresholdsKey = (resident: string) => ['thresholds', resident] as const

export const thresholdsPath = (resident: string): string => `/api/residents/${resident}/thresholds`

/** Undefined data for whoever may not know. */
export const useThresholds = (resident: string) =>
  useQuery({
    queryKey: [...thresholdsKey(resident), 'now'],
    queryFn: ({ signal }) => get<Thresholds>(thresholdsPath(resident), { signal }),
    enabled: useMay()('care:read'),
  })

export const useThresholdHistory = (resident: string) =>
  useQuery({
    queryKey: [...thresholdsKey(resident), 'history'],
    queryFn: ({ signal }) =>
      get<{ readonly items: readonly ThresholdChange[] }>(`${thresholdsPath(resident)}/history`, { signal }),
    enabled: useMay()('care:read'),
  })
