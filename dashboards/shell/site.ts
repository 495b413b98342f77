/** What the gateway says of itself: asked once. */
import { useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type { ConsoleView } from '../../gateway/api/console.ts'
import { get } from './api.ts'

export type Site = z.infer<typeof ConsoleView>

/** Undefined until it has answered. */
export const useSite = (): Site | undefined =>
  useQuery({
    queryKey: ['console'],
    queryFn: ({ signal }) => get<Site>('/api/console', { signal }),
    staleTime: Number.POSITIVE_INFINITY,
    // Without it times would be those of this machine.
    retry: true,
  }).data
