/** The steps of an installation, as a technician's page takes them: over HTTP, one after the other. */
import { z } from 'zod'
import type { Answer, ApiClient } from './api-client.ts'

/** The body of an answer that must be a success. */
export const bodyOf = ({ status, body }: Answer): unknown => {
  if (status < 300) return body
  throw new Error(`answered ${status}: ${JSON.stringify(body)}`)
}

const Registered = z.looseObject({
  codes: z.array(z.looseObject({ device: z.string(), code: z.string(), payload: z.string() })),
  rejected: z.array(z.unknown()),
})
const Secret = z.looseObject({ secret: z.string() })

export const Job = z.looseObject({
  id: z.string(),
  version: z.int(),
  state: z.string(),
  checklist: z.array(z.looseObject({ item: z.string(), outcome: z.string().nullable() })),
  photos: z.array(z.looseObject({ ref: z.string() })),
  tests: z.array(z.looseObject({ device: z.string(), trigger: z.string() })),
  lacks: z.looseObject({ untested: z.array(z.unknown()), open: z.array(z.string()) }),
})
export type Job = z.infer<typeof Job>

/** @param csv with its header line. */
export const registerDevices = async (api: ApiClient, csv: string) =>
  Registered.parse(bodyOf(await api.send('/api/provisioning/devices', 'text/csv', csv)))

/** @param payload what the QR code on the device holds. Resolves with its secret. */
export const claim = async (api: ApiClient, payload: string): Promise<string> =>
  Secret.parse(bodyOf(await api.post('/api/provisioning/claims', { code: payload }))).secret

export type JobSteps = {
  /** As it was answered last. */
  readonly job: () => Job
  /** Refused acts change nothing here. */
  act(name: string, body?: object): Promise<Answer>
  photo(bytes: Buffer): Promise<Answer>
  /** Every item that is open, one act each. */
  checkAll(): Promise<void>
}

/** @param job as it was answered to whoever works on it from now on. */
const stepsOf = (api: ApiClient, first: unknown): JobSteps => {
  let job = Job.parse(first)
  const taken = (answer: Answer): Answer => {
    if (answer.status === 200) job = Job.parse(answer.body)
    return answer
  }
  const path = (name: string): string => `/api/jobs/${job.id}/${name}`
  const act: JobSteps['act'] = async (name, body) =>
    taken(await api.post(path(name), { ...body, version: job.version }))
  return {
    job: () => job,
    act,
    photo: async bytes =>
      taken(await api.send(`${path('photo')}?version=${job.version}`, 'image/png', bytes)),
    async checkAll() {
      for (const item of job.lacks.open) bodyOf(await act('check', { item, outcome: 'done' }))
    },
  }
}

export const requestJob = async (api: ApiClient, request: object): Promise<JobSteps> =>
  stepsOf(api, bodyOf(await api.post('/api/jobs', request)))

export const takeJob = async (api: ApiClient, id: string): Promise<JobSteps> =>
  stepsOf(api, bodyOf(await api.get(`/api/jobs/${id}`)))
