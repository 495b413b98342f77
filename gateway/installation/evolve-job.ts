/** How an installation changes by what happened. Pure. */

import type { JobId } from '../model/ids.ts'
import type { Job, JobEvent, Step } from '../model/installation.ts'

/** The first step makes the job. */
export const bornJob = (
  id: JobId,
  { job, checklist }: Extract<JobEvent, { type: 'requested' }>,
  done: Job['requested'],
): Job => ({
  ...job,
  id,
  version: 1,
  state: 'requested',
  requested: done,
  checks: checklist.map(item => ({ item })),
  photos: [],
})

/** Whoever surveys a home takes it on, unless somebody else was named. A signature is for what was there to be seen. */
export const evolveJob = (before: Job, { event, by, at }: Omit<Step<JobEvent>, 'version'>): Job => {
  const job: Job = { ...before, version: before.version + 1 }
  const done = { by, at }
  switch (event.type) {
    case 'requested':
      return bornJob(before.id, event, done)
    case 'surveyed':
      return { ...job, state: 'surveyed', notes: event.notes, technician: job.technician ?? by.id }
    case 'installed': {
      const { signature: _void, ...unsigned } = job
      return { ...unsigned, state: 'installed' }
    }
    case 'checked': {
      const { item, outcome } = event
      const checks = job.checks.map(one => (one.item === item ? { item, done: { outcome, ...done } } : one))
      return { ...job, checks }
    }
    case 'photographed':
      return { ...job, photos: [...job.photos, { photo: event.photo, ...done }] }
    case 'signed':
      return { ...job, signature: { signer: event.signer, name: event.name, ...done } }
    case 'accepted':
      return { ...job, state: 'accepted', accepted: { tests: event.tests, ...done } }
    case 'archived':
      return { ...job, state: 'archived' }
    case 'cancelled':
      return { ...job, state: 'cancelled', cancelled: { reason: event.reason, ...done } }
  }
}
