import { useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type { ShiftView } from '../../gateway/api/shift-view.ts'
import { get } from '../shell/api.ts'
import { useMay } from '../shell/session.ts'

export type Shift = z.infer<typeof ShiftView>

export const shiftKey = ['shift'] as const

/** A hand-over must be seen by whom it is for, on whatever page that is. */
const askEveryMs = 5_000

/** Undefined data for whoever may not know. */
export const useShift = () =>
  useQuery({
    queryKey: shiftKey,
    queryFn: ({ signal }) => get<Shift>('/api/shift', { signal }),
    refetchInterval: askEveryMs,
    enabled: useMay()('shift:read'),
  })
