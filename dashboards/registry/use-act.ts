import { useMutation, useQueryClient } from '@tanstack/react-query'
import { request } from '../shell/api.ts'

export type Asking = {
  readonly method: 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  readonly body?: unknown
}

/** Does something, and asks anew for what that may have changed. */
export const useAct = (renewed: readonly unknown[]) => {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ method, path, body }: Asking) => request<unknown>(method, path, body),
    onSuccess: () => client.invalidateQueries({ queryKey: renewed }),
  })
}
