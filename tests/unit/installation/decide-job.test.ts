import { describe, expect, test } from 'vitest'
import { decideJob, type Kit, lacksOf } from '../../../gateway/installation/decide-job.ts'
import { bornJob, evolveJob } from '../../../gateway/installation/evolve-job.ts'
import { DeviceId, HomeId, JobId } from '../../../gateway/model/ids.ts'
import { type Job, type JobCommand, type JobState, jobStates } from '../../../gateway/model/installation.ts'
import { qian, start, testOf, zhao } from './stage.ts'

const kitOf = (device: string, model: string, ...untested: Kit['untested']): Kit => ({
  device: DeviceId.parse(device),
  model,
  untested,
  tests: untested.length > 0 ? [] : [testOf('sos')],
})
const tested = [kitOf('btn-1', 'native/call-button')]

const born: Job = bornJob(
  JobId.parse('job-1'),
  {
    type: 'requested',
    job: { home: HomeId.parse('h-1'), devices: [{ model: 'native/call-button', count: 1 }] },
    checklist: ['power', 'door'],
  },
  { by: zhao, at: start },
)

const commands: Readonly<Record<JobCommand['type'], JobCommand>> = {
  survey: { type: 'survey', paper: 'paper:1' },
  install: { type: 'install' },
  check: { type: 'check', item: 'power', outcome: 'done' },
  photo: { type: 'photo', paper: 'paper:2' },
  sign: { type: 'sign', signer: 'resident', paper: 'paper:3' },
  accept: { type: 'accept' },
  archive: { type: 'archive' },
  cancel: { type: 'cancel', paper: 'paper:4' },
}

const given = (job: Job, ...done: readonly JobCommand[]): Job =>
  done.reduce((before, command) => {
    const event = decideJob(before, command, { version: before.version, kit: tested })
    if ('refused' in event) throw new Error(`${event.refused}: ${event.detail ?? ''}`)
    return evolveJob(before, { event, by: zhao, at: start })
  }, job)

const { survey, install, check, photo, sign, accept, archive, cancel } = commands
const checkDoor: JobCommand = { type: 'check', item: 'door', outcome: 'not-applicable' }

const jobIn: Readonly<Record<JobState, Job>> = {
  requested: born,
  surveyed: given(born, survey),
  installed: given(born, survey, install, check, checkDoor, sign),
  accepted: given(born, survey, install, check, checkDoor, sign, accept),
  archived: given(born, survey, install, check, checkDoor, sign, accept, archive),
  cancelled: given(born, cancel),
}

/** What may be done in each state, and what it comes to. */
const table: Readonly<Record<JobState, Partial<Record<JobCommand['type'], string>>>> = {
  requested: { survey: 'surveyed', photo: 'photographed', cancel: 'cancelled' },
  surveyed: {
    survey: 'surveyed',
    install: 'installed',
    check: 'checked',
    photo: 'photographed',
    cancel: 'cancelled',
  },
  installed: {
    install: 'installed',
    check: 'checked',
    photo: 'photographed',
    sign: 'signed',
    accept: 'accepted',
    cancel: 'cancelled',
  },
  accepted: { archive: 'archived' },
  archived: {},
  cancelled: {},
}

const every = jobStates.flatMap(state => Object.values(commands).map(command => ({ state, command })))

describe('an installation', () => {
  test.each(every)('that is $state answers to $command.type as the table says', ({ state, command }) => {
    const job = jobIn[state]
    const decision = decideJob(job, command, { version: job.version, kit: tested })
    const expected = table[state][command.type]
    expect(decision).toMatchObject(
      expected === undefined ? { refused: 'wrong-job-state', facts: { state } } : { type: expected },
    )
  })

  test.each(every)(
    'that is $state refuses $command.type of whoever has seen an older or a later one',
    ({ state, command }) => {
      const job = jobIn[state]
      for (const version of [job.version - 1, job.version + 1])
        expect(decideJob(job, command, { version, kit: tested })).toMatchObject({
          refused: 'wrong-job-state',
          facts: { version: job.version, state },
        })
    },
  )

  test('belongs to whoever surveys it, unless somebody was named', () => {
    const event = { type: 'surveyed', notes: 'paper:1' } as const
    expect(evolveJob(born, { event, by: qian, at: start }).technician).toBe('qian')
    expect(evolveJob({ ...born, technician: zhao.id }, { event, by: qian, at: start }).technician).toBe(
      'zhao',
    )
  })

  test('that is installed once more must be signed once more', () => {
    const again = given(jobIn.installed, install)
    expect(again).not.toHaveProperty('signature')
    expect(lacksOf(again, tested).signature).toBe(true)
  })

  test('takes the latest word on an item, with who and when, and knows no item that is not on its list', () => {
    const job = evolveJob(jobIn.installed, {
      event: { type: 'checked', item: 'power', outcome: 'not-applicable' },
      by: qian,
      at: start + 1,
    })
    expect(job.checks[0]).toEqual({
      item: 'power',
      done: { outcome: 'not-applicable', by: qian, at: start + 1 },
    })
    const unknown: JobCommand = { type: 'check', item: 'roof', outcome: 'done' }
    expect(decideJob(job, unknown, { version: job.version, kit: tested })).toMatchObject({
      refused: 'not-found',
    })
  })

  test('holds 30 photos and no more', () => {
    const full = given(jobIn.surveyed, ...Array<JobCommand>(30).fill(photo))
    expect(full.photos).toHaveLength(30)
    expect(decideJob(full, photo, { version: full.version, kit: tested })).toMatchObject({
      refused: 'wrong-job-state',
    })
  })
})

describe('an acceptance', () => {
  const acceptOf = (job: Job, kit: readonly Kit[]) => decideJob(job, accept, { version: job.version, kit })

  test('is refused while a trigger has not come in, and names each with its device', () => {
    const kit = [
      ...tested,
      kitOf('btn-2', 'espa444/', 'sos', 'service'),
      kitOf('smoke-1', 'native/smoke', 'smoke'),
    ]
    expect(acceptOf(jobIn.installed, kit)).toEqual({
      refused: 'not-tested',
      detail: 'btn-2: sos, service; smoke-1: smoke',
      facts: {
        untested: [
          { device: 'btn-2', triggers: ['sos', 'service'] },
          { device: 'smoke-1', triggers: ['smoke'] },
        ],
      },
    })
  })

  test('is refused while an item is open or nobody has signed, and names what is missing', () => {
    expect(acceptOf(given(born, survey, install, check), tested)).toEqual({
      refused: 'not-complete',
      detail: 'door is open; nobody has signed',
      facts: { missing: [], open: ['door'], signature: true },
    })
  })

  test.each([
    [{ device: DeviceId.parse('btn-1') }, true],
    [{ device: DeviceId.parse('btn-9') }, false],
    [{ model: 'native/call', count: 1 }, true],
    [{ model: 'native/call-button', count: 2 }, false],
    [{ model: 'native/smoke', count: 1 }, false],
  ])('where %j is expected finds it: %s', (expected, isThere) => {
    const decision = acceptOf({ ...jobIn.installed, devices: [expected] }, tested)
    expect(decision).toMatchObject(
      isThere ? { type: 'accepted' } : { refused: 'not-complete', facts: { missing: [expected] } },
    )
  })

  test('of a home without any device is refused', () => {
    expect(acceptOf(jobIn.installed, [])).toMatchObject({ refused: 'not-complete' })
  })

  test('keeps what came in, from which device', () => {
    expect(acceptOf(jobIn.installed, tested)).toEqual({
      type: 'accepted',
      tests: [{ device: 'btn-1', ...testOf('sos') }],
    })
  })
})
