/** What may be done to an installation, and when. Pure: no time, no disk. */
import type { Refusal } from '../model/errors.ts'
import type { DeviceId } from '../model/ids.ts'
import type { Expected, Job, JobCommand, JobEvent, JobState, Lacks } from '../model/installation.ts'
import type { AlarmKind } from '../model/kinds.ts'
import type { TriggerTest } from '../model/provisioning.ts'

/** A device that is in the home now. */
export type Kit = {
  readonly device: DeviceId
  readonly model: string
  readonly untested: readonly AlarmKind[]
  readonly tests: readonly TriggerTest[]
}

/** `version`: the job's as whoever asks has seen it. */
export type JobContext = { readonly version: number; readonly kit: readonly Kit[] }

const beforeAcceptance: readonly JobState[] = ['requested', 'surveyed', 'installed']

const allowedIn: Readonly<Record<JobCommand['type'], readonly JobState[]>> = {
  survey: ['requested', 'surveyed'],
  install: ['surveyed', 'installed'],
  check: ['surveyed', 'installed'],
  photo: beforeAcceptance,
  sign: ['installed'],
  accept: ['installed'],
  archive: ['accepted'],
  cancel: beforeAcceptance,
}

/** Beyond: refused. Nobody looks through more. */
const maxPhotos = 30

const isThere = (expected: Expected, kit: readonly Kit[]): boolean =>
  'device' in expected
    ? kit.some(({ device }) => device === expected.device)
    : kit.filter(({ model }) => model.startsWith(expected.model)).length >= expected.count

/** A kind of device is meant with its variants: `native/call-button-2` is a call button. */
export const lacksOf = (job: Job, kit: readonly Kit[]): Lacks => ({
  untested: kit.flatMap(({ device, untested }) =>
    untested.length > 0 ? [{ device, triggers: untested }] : [],
  ),
  missing: job.devices.filter(expected => !isThere(expected, kit)),
  open: job.checks.flatMap(({ item, done }) => (done ? [] : [item])),
  signature: job.signature === undefined,
})

const accept = (job: Job, kit: readonly Kit[]): JobEvent | Refusal => {
  const { untested, missing, open, signature } = lacksOf(job, kit)
  if (untested.length > 0) {
    const named = untested.map(({ device, triggers }) => `${device}: ${triggers.join(', ')}`)
    return { refused: 'not-tested', detail: named.join('; '), facts: { untested } }
  }
  if (missing.length > 0 || open.length > 0 || signature) {
    const named = [
      ...missing.map(one =>
        'device' in one ? `${one.device} is not in the home` : `not ${one.count} of ${one.model}`,
      ),
      ...open.map(item => `${item} is open`),
      ...(signature ? ['nobody has signed'] : []),
    ]
    return { refused: 'not-complete', detail: named.join('; '), facts: { missing, open, signature } }
  }
  return {
    type: 'accepted',
    tests: kit.flatMap(({ device, tests }) => tests.map(test => ({ device, ...test }))),
  }
}

export const decideJob = (
  job: Job,
  command: JobCommand,
  { version, kit }: JobContext,
): JobEvent | Refusal => {
  if (version !== job.version)
    return {
      refused: 'wrong-job-state',
      detail: 'somebody else has worked on it since; look at it again',
      facts: { version: job.version, state: job.state },
    }
  if (!allowedIn[command.type].includes(job.state))
    return { refused: 'wrong-job-state', detail: `it is ${job.state}`, facts: { state: job.state } }
  switch (command.type) {
    case 'survey':
      return { type: 'surveyed', notes: command.paper }
    case 'install':
      return { type: 'installed' }
    case 'check':
      return job.checks.some(({ item }) => item === command.item)
        ? { type: 'checked', item: command.item, outcome: command.outcome }
        : { refused: 'not-found', detail: `${command.item} is not on the list` }
    case 'photo':
      return job.photos.length < maxPhotos
        ? { type: 'photographed', photo: command.paper }
        : { refused: 'wrong-job-state', detail: `it has ${maxPhotos} photos already` }
    case 'sign':
      return { type: 'signed', signer: command.signer, name: command.paper }
    case 'accept':
      return accept(job, kit)
    case 'archive':
      return { type: 'archived' }
    case 'cancel':
      return { type: 'cancelled', reason: command.paper }
  }
}
