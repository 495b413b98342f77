/** An installation as it is now, and acts on it. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import type { JobDetail } from '../../gateway/api/job-view.ts'
import { get, post } from '../shell/api.ts'

export type Job = z.infer<typeof JobDetail>

/** A press is to be seen at once by whoever pressed; technicians have no stream of alarms. */
export const renewMs = 1_500

const keyOf = (id: string) => ['job', id] as const

export const useJob = (id: string) =>
  useQuery({
    queryKey: keyOf(id),
    queryFn: ({ signal }) => get<Job>(`/api/jobs/${id}`, { signal }),
    refetchInterval: renewMs,
  })

/** Names the version that whoever acts has seen. */
export const useJobAct = ({ id, version }: Pick<Job, 'id' | 'version'>) => {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async ({ name, body = {} }: { readonly name: string; readonly body?: object }) => {
      // An answer on its way still shows the job as it was.
      await client.cancelQueries({ queryKey: keyOf(id) })
      return post<Job>(`/api/jobs/${id}/${name}`, { version, ...body })
    },
    onSuccess: job => client.setQueryData(keyOf(id), job),
    onError: () => client.invalidateQueries({ queryKey: keyOf(id) }),
  })
}
