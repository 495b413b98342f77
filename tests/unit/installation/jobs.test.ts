import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Refusal } from '../../../gateway/model/errors.ts'
import { DeviceId, HomeId } from '../../../gateway/model/ids.ts'
import type { Job } from '../../../gateway/model/installation.ts'
import { checklist } from '../../../gateway/model/installation.ts'
import { withTemporaryDirectory } from '../../support/temporary-directory.ts'
import { acts, finish, home, openStage, picture, qian, start, testOf, zhao } from './stage.ts'

const jobOf = (answer: Job | Refusal | undefined): Job => {
  if (!answer || 'refused' in answer) throw new Error(JSON.stringify(answer))
  return answer
}

describe('an installation on disk', () => {
  test('has a number to speak of, the checklist of the day, and says who asked for it and when', async () => {
    const { request } = await openStage()
    const [first, second] = [request(), request({ due: '2026-12-01', technician: 'qian' })]
    expect([first.id, second.id]).toEqual(['job-1', 'job-2'])
    expect(first).toMatchObject({ state: 'requested', version: 1, requested: { by: zhao, at: start } })
    expect(first.checks.map(({ item }) => item)).toEqual(Object.keys(checklist))
    expect(second).toMatchObject({ due: '2026-12-01', technician: 'qian' })
  })

  test('in a home that nobody knows is refused', async () => {
    const { stage } = await openStage()
    const answer = stage().jobs.request({ home: HomeId.parse('h-9'), devices: [] }, zhao)
    expect(answer).toMatchObject({ refused: 'unknown-reference' })
    expect(stage().jobs.get('job-1')).toBeUndefined()
  })

  test('goes its whole way, each step on record, and enables the devices of its home', async () => {
    const world = await openStage()
    const { id } = world.request()
    finish(world, id)
    expect(world.stage().jobs.lacks(jobOf(world.stage().jobs.get(id))).untested).toEqual([
      { device: 'btn-1', triggers: ['sos'] },
      { device: 'smoke-1', triggers: ['smoke'] },
    ])
    expect(world.act(id, { type: 'accept' })).toMatchObject({ refused: 'not-tested' })
    expect(world.lives.enabled.size).toBe(0)
    world.testAll()
    world.clock.advance(60_000)
    const accepted = jobOf(world.act(id, { type: 'accept' }, qian))
    expect(accepted).toMatchObject({ state: 'accepted', accepted: { by: qian, at: start + 60_000 } })
    expect([...world.lives.enabled].toSorted()).toEqual(['btn-1', 'door-1', 'smoke-1'])
    // What it was accepted with stays, whatever becomes of its devices.
    world.lives.forget('btn-1')
    const tests = [
      { device: 'btn-1', ...testOf('sos') },
      { device: 'smoke-1', ...testOf('smoke') },
    ]
    expect(world.stage().jobs.tests(accepted)).toEqual(tests)
    world.act(id, { type: 'archive' })
    const steps = world.stage().jobs.steps(accepted.id)
    expect(steps.map(({ event }) => event.type)).toEqual([
      'requested',
      'surveyed',
      'installed',
      ...Array(Object.keys(checklist).length).fill('checked'),
      'signed',
      'accepted',
      'archived',
    ])
    expect(steps.map(({ version }) => version)).toEqual(steps.map((_step, index) => index + 1))
    expect(steps.at(-2)).toMatchObject({ by: qian, at: start + 60_000 })
  })

  test('is not accepted where a device cannot be enabled, and is once it can', async () => {
    const world = await openStage()
    const { id } = world.request()
    finish(world, id)
    world.testAll()
    world.lives.suspended.add('smoke-1')
    expect(world.act(id, { type: 'accept' })).toMatchObject({
      refused: 'wrong-life-state',
      detail: 'smoke-1: it is suspended',
    })
    expect(world.stage().jobs.get(id)?.state).toBe('installed')
    world.lives.suspended.clear()
    expect(world.act(id, { type: 'accept' })).toMatchObject({ state: 'accepted' })
  })

  test('worked on by two technicians at once takes the first, and tells the second what it is now', async () => {
    const world = await openStage()
    const { id, version } = world.request()
    const { jobs } = world.stage()
    const first = jobs.act(id, { type: 'survey', paper: '一楼', version }, zhao)
    expect(first).toMatchObject({ state: 'surveyed', version: 2 })
    expect(jobs.act(id, { type: 'survey', paper: '二楼', version }, qian)).toMatchObject({
      refused: 'wrong-job-state',
      facts: { version: 2, state: 'surveyed' },
    })
    expect(jobs.texts(jobOf(jobs.get(id))).notes).toBe('一楼')
    // What was not taken is not kept either.
    expect(world.papers.list({ home })).toHaveLength(1)
  })

  test('keeps texts and pictures as papers, and says nothing of what was erased', async () => {
    const world = await openStage()
    const { id } = world.request()
    finish(world, id)
    const job = jobOf(world.act(id, { type: 'photo', paper: picture }))
    const [photo] = job.photos
    const { jobs } = world.stage()
    expect(JSON.stringify([job, jobs.steps(job.id)])).not.toMatch(/门朝东|李明/)
    expect(jobs.texts(job)).toEqual({ notes: '门朝东', signatory: '李明' })
    expect(new Uint8Array(jobs.photo(job, photo?.photo ?? '') ?? [])).toEqual(picture)
    expect(jobs.photo(job, job.notes ?? '')).toBeUndefined()
    world.papers.eraseAbout({ home })
    expect(jobs.texts(job)).toEqual({})
    expect(jobs.photo(job, photo?.photo ?? '')).toBeUndefined()
  })

  test('is the same after a restart', async () => {
    await withTemporaryDirectory(async directory => {
      const world = await openStage(directory)
      const { id } = world.request()
      finish(world, id)
      world.testAll()
      world.act(id, { type: 'accept' })
      const before = jobOf(world.stage().jobs.get(id))
      const steps = world.stage().jobs.steps(before.id)
      world.restart()
      expect(world.stage().jobs.get(id)).toEqual(before)
      expect(world.stage().jobs.steps(before.id)).toEqual(steps)
      expect(world.request().id).toBe('job-2')
    })
  })
})

describe('a list of installations', () => {
  test('is newest first, by page, by state, by technician, and by what is to be shown', async () => {
    const world = await openStage()
    for (let number = 1; number <= 5; number += 1)
      world.request({ ...(number % 2 === 0 && { technician: 'qian', home: 'h-2' }) })
    world.act('job-5', { type: 'cancel', paper: 'x' })
    const { list } = world.stage().jobs
    const ids = (query: Partial<Parameters<typeof list>[0]>) => {
      const { items, nextCursor } = list({ limit: 10, wanted: () => true, ...query })
      return [items.map(({ id }) => id), nextCursor]
    }
    expect(ids({ limit: 2 })).toEqual([['job-5', 'job-4'], '4'])
    expect(ids({ limit: 3, cursor: '4' })).toEqual([['job-3', 'job-2', 'job-1'], null])
    expect(ids({ state: 'requested' })[0]).toEqual(['job-4', 'job-3', 'job-2', 'job-1'])
    expect(ids({ technician: 'qian' })[0]).toEqual(['job-4', 'job-2'])
    expect(ids({ wanted: at => at === home })[0]).toEqual(['job-5', 'job-3', 'job-1'])
  })

  test('looks at 1,000 for a page and no more, and still tells of each', async () => {
    const world = await openStage()
    world.request()
    for (let number = 0; number < 1_200; number += 1) world.request({ home: 'h-2' })
    let lookedAt = 0
    const wanted = (at: HomeId): boolean => {
      lookedAt += 1
      return at === home
    }
    const first = world.stage().jobs.list({ limit: 10, wanted })
    expect([first.items.length, lookedAt]).toEqual([0, 1_000])
    const second = world.stage().jobs.list({ limit: 10, wanted, cursor: first.nextCursor ?? '' })
    expect(second.items.map(({ id }) => id)).toEqual(['job-1'])
    expect(second.nextCursor).toBeNull()
  })
})

describe('whatever technicians do, in whatever order', () => {
  type Move = { act: number } | { test: string } | { moved: string } | { allChecks: true }
  const devices = ['btn-1', 'smoke-1']
  const anyMove: fc.Arbitrary<Move> = fc.oneof(
    { arbitrary: fc.constant({ act: acts.findIndex(({ type }) => type === 'accept') }), weight: 4 },
    { arbitrary: fc.nat(acts.length - 1).map(act => ({ act })), weight: 1 },
    { arbitrary: fc.constantFrom(...devices).map(device => ({ test: device })), weight: 6 },
    { arbitrary: fc.constantFrom(...devices).map(device => ({ moved: device })), weight: 2 },
    { arbitrary: fc.constant({ allChecks: true as const }), weight: 1 },
  )

  test('no home is accepted with a trigger that has not come in since its device was put there', async () => {
    const world = await openStage()
    let accepted = 0
    fc.assert(
      fc.property(fc.array(anyMove, { maxLength: 40 }), moves => {
        for (const device of devices) world.lives.forget(device)
        const { id } = world.request()
        // Most sequences would otherwise end in a cancellation before anything is in place.
        finish(world, id)
        for (const move of moves) {
          if ('test' in move) {
            const device = DeviceId.parse(move.test)
            for (const trigger of world.lives.untested(device))
              world.lives.triggerTested(device, testOf(trigger))
          } else if ('moved' in move) world.lives.forget(move.moved)
          else if ('allChecks' in move) finish(world, id)
          else {
            const act = acts[move.act]
            const untested = devices.filter(device => world.lives.untested(DeviceId.parse(device)).length > 0)
            const before = world.stage().jobs.get(id)?.state
            if (act) world.act(id, act)
            if (before === 'accepted' || world.stage().jobs.get(id)?.state !== 'accepted') continue
            accepted += 1
            expect(untested).toEqual([])
          }
        }
      }),
      { numRuns: 200 },
    )
    expect(accepted).toBeGreaterThan(20)
  })
})
