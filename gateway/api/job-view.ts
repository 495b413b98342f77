/** An installation as it is shown: texts by the role of whoever looks. */
import { z } from 'zod'
import {
  checklist,
  checkOutcomes,
  Expected,
  InstallationTexts,
  type Job,
  type Jobs,
  jobStates,
  signers,
} from '../model/installation.ts'
import { maskFields, type Viewer } from '../model/personal.ts'
import { ByView, momentOf, momentOrNull, Shown } from './shapes.ts'

export const JobView = z
  .object({
    id: z.string(),
    version: z.int().describe('Names the state that an act was decided on'),
    state: z.enum(jobStates),
    home: z.string(),
    devices: z.array(Expected.unwrap()).describe('Expected in the home when it is accepted'),
    institution: z.string().nullable(),
    due: z.string().nullable().describe('A day'),
    technician: z.string().nullable(),
    requestedBy: ByView,
    requestedAt: Shown,
    acceptedAt: Shown.nullable(),
  })
  .meta({ id: 'Job' })

const Test = z.object({ device: z.string(), trigger: z.string(), at: Shown, alarm: z.string() })

export const JobDetail = JobView.extend({
  notes: z.string().nullable(),
  reason: z.string().nullable().describe('Why it was cancelled'),
  checklist: z.array(
    z.object({
      item: z.string(),
      zh: z.string(),
      en: z.string(),
      outcome: z.enum(checkOutcomes).nullable(),
      by: ByView.nullable(),
      at: Shown.nullable(),
    }),
  ),
  photos: z.array(z.object({ ref: z.string(), by: ByView, at: Shown })),
  signature: z
    .object({
      signer: z.enum(signers),
      name: z.string().nullable().describe('null: erased'),
      by: ByView,
      at: Shown,
    })
    .nullable(),
  tests: z.array(Test).describe('Triggers that came in end to end'),
  lacks: z
    .object({
      untested: z.array(z.object({ device: z.string(), triggers: z.array(z.string()) })),
      missing: z.array(Expected.unwrap()),
      open: z.array(z.string()),
      signature: z.boolean(),
    })
    .describe('What stands between it and its acceptance'),
  steps: z.array(z.object({ version: z.int(), what: z.string(), by: ByView, at: Shown })),
}).meta({ id: 'JobDetail' })

export const jobView = (job: Job): z.infer<typeof JobView> => ({
  id: job.id,
  version: job.version,
  state: job.state,
  home: job.home,
  devices: [...job.devices],
  institution: job.institution ?? null,
  due: job.due ?? null,
  technician: job.technician ?? null,
  requestedBy: job.requested.by,
  requestedAt: momentOf(job.requested.at),
  acceptedAt: momentOrNull(job.accepted?.at),
})

const checkView = ({ item, done }: Job['checks'][number]) => ({
  item,
  zh: checklist[item]?.zh ?? item,
  en: checklist[item]?.en ?? item,
  outcome: done?.outcome ?? null,
  by: done?.by ?? null,
  at: momentOrNull(done?.at),
})

const lacksView = ({ untested, missing, open, signature }: ReturnType<Jobs['lacks']>) => ({
  untested: untested.map(({ device, triggers }) => ({ device, triggers: [...triggers] })),
  missing: [...missing],
  open: [...open],
  signature,
})

export const jobDetail = (
  job: Job,
  jobs: Pick<Jobs, 'texts' | 'tests' | 'lacks' | 'steps'>,
  viewer: Viewer,
): z.infer<typeof JobDetail> => {
  const { notes, signatory, reason } = maskFields(InstallationTexts, jobs.texts(job), viewer)
  const { signature } = job
  return {
    ...jobView(job),
    notes: notes ?? null,
    reason: reason ?? null,
    checklist: job.checks.map(checkView),
    photos: job.photos.map(({ photo, by, at }) => ({ ref: photo, by, at: momentOf(at) })),
    signature: signature
      ? {
          signer: signature.signer,
          name: signatory ?? null,
          by: signature.by,
          at: momentOf(signature.at),
        }
      : null,
    tests: jobs.tests(job).map(({ at, ...test }) => ({ ...test, at: momentOf(at) })),
    lacks: lacksView(jobs.lacks(job)),
    steps: jobs.steps(job.id).map(({ version, event, by, at }) => ({
      version,
      what: event.type,
      by,
      at: momentOf(at),
    })),
  }
}
