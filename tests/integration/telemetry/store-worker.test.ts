import { expect, it } from 'vitest'
import { startWorker } from '../../../gateway/kit/worker-link.ts'
import { keepWorker } from '../../../gateway/telemetry/kept-worker.ts'
import { createVirtualClock } from '../../support/virtual-clock.ts'

const world = () => {
  const clock = createVirtualClock(1_000_000)
  const deaths: string[] = []
  let starts = 0
  const worker = keepWorker({
    start: onEnd => {
      starts += 1
      return startWorker({ script: new URL('./store-mortal-worker.ts', import.meta.url), path: '', onEnd })
    },
    clock,
    onDeath: reason => deaths.push(reason),
  })
  return { clock, deaths, worker, starts: () => starts }
}

it('is not started before it is asked something, and once for all questions', async () => {
  const { worker, starts } = world()
  expect([worker.running(), starts()]).toEqual([false, 0])
  expect(await Promise.all([worker.ask('a'), worker.ask('b')])).toEqual(['a', 'b'])
  expect([worker.running(), starts()]).toEqual([true, 1])
  await worker.close()
})

it('that has died is reported, refuses for five seconds, and is then started again', async () => {
  const { worker, clock, deaths, starts } = world()
  const asked = await Promise.allSettled([worker.ask('a'), worker.ask('die'), worker.ask('b')])
  expect(asked.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected'])
  expect(deaths).toEqual(['as asked'])
  expect(worker.running()).toBe(false)
  clock.advance(4_999)
  await expect(worker.ask('c')).rejects.toThrow('not yet started again')
  clock.advance(1)
  expect(await worker.ask('c')).toBe('c')
  expect(starts()).toBe(2)
  await worker.close()
})

it('that has died is started again also after the clock was set back', async () => {
  const { worker, clock } = world()
  await expect(worker.ask('die')).rejects.toThrow('as asked')
  clock.setWall(0)
  expect(await worker.ask('a')).toBe('a')
  await worker.close()
})

it('that is closed takes no more questions, and its end is no death', async () => {
  const { worker, deaths } = world()
  expect(await worker.ask('a')).toBe('a')
  await worker.close()
  await expect(worker.ask('b')).rejects.toThrow('closed')
  expect(deaths).toEqual([])
})
