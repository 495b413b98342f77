import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DeviceId } from '../../../gateway/model/ids.ts'
import type { ForwarderFigures, Sample } from '../../../gateway/model/telemetry.ts'
import { type Rejection, startForwarding } from '../../../gateway/telemetry/forward/forwarding.ts'
import type { Spool } from '../../../gateway/telemetry/forward/spool.ts'
import type { SendOutcome } from '../../../gateway/telemetry/influx/sender.ts'
import { createVirtualClock } from '../../support/virtual-clock.ts'

const limits = { batchSamples: 64, pollMs: 500, retryMaxMs: 60_000 }
const device = DeviceId.parse('pad-1')

const samplesUpTo = (count: number): readonly Sample[] =>
  Array.from({ length: count }, (_, at) => ({ device, at, readings: { heartRate: 60 } }))

/** A spool over an array: the cursor is an index into it. */
const arraySpool = (samples: readonly Sample[]) => {
  let cursor = 0
  let diskFails = false
  const spool: Spool = {
    scan: () => undefined,
    next: limit => {
      const given = samples.slice(cursor, cursor + limit)
      if (given.length === 0) return undefined
      return { day: 0, samples: given, unreadable: 0, lastSeq: cursor + given.length }
    },
    confirm: ({ lastSeq }) => {
      cursor = lastSeq
      if (diskFails) throw new Error('database or disk is full')
    },
    get lag() {
      return samples.length - cursor
    },
    lost: 0,
    unreadable: undefined,
    close: () => undefined,
  }
  return {
    spool,
    breakDisk(broken: boolean) {
      diskFails = broken
    },
  }
}

type Answer = (samples: readonly Sample[], now: number) => SendOutcome | Promise<SendOutcome>

/** `random` can never be 1, but nearly. */
const forward = (count: number, answer: Answer, random = () => 1 - Number.EPSILON / 2) => {
  const clock = createVirtualClock()
  const { spool, breakDisk } = arraySpool(samplesUpTo(count))
  const sent: { readonly at: number; readonly times: readonly number[] }[] = []
  const told: ForwarderFigures[] = []
  const rejections: Rejection[] = []
  const forwarding = startForwarding(
    {
      spool,
      send: async samples => {
        sent.push({ at: clock.now(), times: samples.map(({ at }) => at) })
        return answer(samples, clock.now())
      },
      clock,
      random,
      onFigures: figures => told.push(figures),
      onRejected: rejection => rejections.push(rejection),
    },
    limits,
  )
  return {
    sent,
    told,
    rejections,
    breakDisk,
    stop: () => forwarding.stop(),
    /** Time passes in steps so small that long chains of requests come to their end between them. */
    async pass(ms: number) {
      for (let step = 0; step < 20; step += 1) await clock.pass(ms / 20)
    },
    figures: () => told.at(-1),
  }
}

const taken: SendOutcome = { kind: 'taken' }
const away: SendOutcome = { kind: 'unavailable', reason: 'HTTP 503' }

test('sends batch after batch, and each sample once', async () => {
  const world = forward(200, () => taken)
  await world.pass(1)
  expect(world.sent.map(({ times }) => times.length)).toEqual([64, 64, 64, 8])
  expect(world.sent.flatMap(({ times }) => times)).toEqual(samplesUpTo(200).map(({ at }) => at))
  expect(world.figures()).toEqual({ lag: 0, forwarded: 200, rejected: 0, lost: 0 })
  await world.stop()
})

test('tries a far side that is away for ever, at most a minute apart, and then sends the same', async () => {
  const back = 3_600_000
  const world = forward(10, (_samples, now) => (now < back ? away : taken))
  await world.pass(back - 1)
  const tries = world.sent.map(({ at }) => at)
  expect(tries.slice(0, 8).map(Math.ceil)).toEqual([0, 1_000, 3_000, 7_000, 15_000, 31_000, 63_000, 123_000])
  expect(tries.length).toBeGreaterThan(60)
  expect(world.figures()).toEqual({ lag: 10, forwarded: 0, rejected: 0, lost: 0, trouble: 'HTTP 503' })
  await world.pass(60_001)
  expect(world.figures()).toEqual({ lag: 0, forwarded: 10, rejected: 0, lost: 0 })
  await world.stop()
})

test('jitter is full: the pause lies anywhere between nothing and its limit', async () => {
  const world = forward(
    1,
    () => away,
    () => 0.25,
  )
  await world.pass(10_000)
  expect(world.sent.slice(0, 4).map(({ at }) => at)).toEqual([0, 250, 750, 1_750])
  await world.stop()
})

test('waits as long as the far side asks, but no longer than ten minutes', async () => {
  const asked = [30_000, 86_400_000]
  const world = forward(1, () => ({ ...away, retryAfterMs: asked.shift() ?? 0 }))
  await world.pass(630_000)
  expect(world.sent.slice(0, 3).map(({ at }) => at)).toEqual([0, 30_000, 630_000])
  await world.stop()
})

test('a setting that must be wrong is tried slowly and drops nothing', async () => {
  const world = forward(3, () => ({ kind: 'misconfigured', reason: 'HTTP 401' }))
  await world.pass(180_000)
  expect(world.sent.map(({ at }) => at)).toEqual([0, 60_000, 120_000, 180_000])
  expect(world.figures()).toMatchObject({ lag: 3, rejected: 0, trouble: 'HTTP 401' })
  await world.stop()
})

test('what is too large is halved, and grows again little by little', async () => {
  const world = forward(400, samples =>
    samples.length > 20 ? { kind: 'too-large', reason: 'HTTP 413' } : taken,
  )
  await world.pass(1)
  expect(world.sent.filter(({ times }) => times.length <= 20).flatMap(({ times }) => times)).toEqual(
    samplesUpTo(400).map(({ at }) => at),
  )
  expect(world.figures()).toEqual({ lag: 0, forwarded: 400, rejected: 0, lost: 0 })
  await world.stop()
})

test('one sample that is too large is a wrong setting on the way there, not a wrong sample', async () => {
  const world = forward(5, () => ({ kind: 'too-large', reason: 'HTTP 413' }))
  await world.pass(60_000)
  expect(world.figures()).toMatchObject({ lag: 5, rejected: 0, trouble: 'HTTP 413' })
  await world.stop()
})

test('finds any set of samples that are at fault, and the others arrive: whatever the far side says of them', () =>
  fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.integer({ min: 0, max: 99 }), { maxLength: 40 }),
      fc.boolean(),
      async (faults, saysHowMany) => {
        const arrived = new Set<number>()
        const world = forward(100, samples => {
          const bad = samples.filter(({ at }) => faults.includes(at))
          // As InfluxDB 1 does, which takes the rest, or as one that takes a batch whole or not at all.
          for (const { at } of samples) if (saysHowMany || bad.length === 0) arrived.add(at)
          for (const { at } of bad) arrived.delete(at)
          if (bad.length === 0) return taken
          return { kind: 'refused', reason: 'HTTP 400', ...(saysHowMany && { dropped: bad.length }) }
        })
        await world.pass(1)
        await world.stop()
        expect(world.figures()).toEqual({
          lag: 0,
          forwarded: 100 - faults.length,
          rejected: faults.length,
          lost: 0,
        })
        expect([...arrived].sort((a, b) => a - b)).toEqual(
          samplesUpTo(100).flatMap(({ at }) => (faults.includes(at) ? [] : [at])),
        )
        expect(world.rejections.reduce((sum, { count }) => sum + count, 0)).toBe(faults.length)
      },
    ),
    { numRuns: 50 },
  ))

test('a far side that refuses everything and does not blame the samples is a wrong setting: nothing is dropped', async () => {
  const reason = 'HTTP 400: Client sent an HTTP request to an HTTPS server'
  const world = forward(100, () => ({ kind: 'refused', reason }))
  await world.pass(1)
  expect(world.sent.map(({ times }) => times.length)).toEqual([64, ...Array.from({ length: 16 }, () => 1)])
  expect(world.figures()).toEqual({ lag: 100, forwarded: 0, rejected: 0, lost: 0, trouble: reason })
  expect(world.rejections).toEqual([])
  await world.stop()
})

test('samples that are all at fault, as the far side says, are not searched one by one', async () => {
  const world = forward(64, samples => ({ kind: 'refused', reason: 'too old', dropped: samples.length }))
  await world.pass(1)
  expect(world.sent).toHaveLength(1)
  expect(world.rejections).toEqual([{ count: 64, reason: 'too old', example: samplesUpTo(1)[0] }])
  await world.stop()
})

test('a lone sample that is refused without blame waits for company, which decides', async () => {
  const samples = [...samplesUpTo(1)]
  const clock = createVirtualClock()
  const { spool } = arraySpool(samples)
  let figures: ForwarderFigures | undefined
  const forwarding = startForwarding(
    {
      spool,
      send: async part => (part.some(({ at }) => at === 0) ? { kind: 'refused', reason: 'HTTP 422' } : taken),
      clock,
      random: () => 0.5,
      onFigures: now => {
        figures = now
      },
      onRejected: () => undefined,
    },
    limits,
  )
  await clock.pass(1_000)
  expect(figures).toMatchObject({ lag: 1, rejected: 0, trouble: 'HTTP 422' })
  samples.push({ device, at: 1, readings: { heartRate: 60 } })
  await clock.pass(60_000)
  expect(figures).toEqual({ lag: 0, forwarded: 1, rejected: 1, lost: 0 })
  await forwarding.stop()
})

test('a trouble in the middle of a search loses nothing: the batch begins anew', async () => {
  let requests = 0
  const world = forward(64, samples => {
    requests += 1
    if (requests === 5) return away
    if (samples.some(({ at }) => at === 40)) return { kind: 'refused', reason: 'HTTP 400' }
    return taken
  })
  await world.pass(2_000)
  expect(world.figures()).toEqual({ lag: 0, forwarded: 63, rejected: 1, lost: 0 })
  await world.stop()
})

test('a cursor that cannot be put on disk is a trouble that ends by itself', async () => {
  const world = forward(100, () => taken)
  world.breakDisk(true)
  await world.pass(499)
  expect(world.figures()).toMatchObject({ trouble: 'database or disk is full' })
  world.breakDisk(false)
  await world.pass(2_000)
  expect(world.figures()).toEqual({ lag: 0, forwarded: 100, rejected: 0, lost: 0 })
  await world.stop()
})

test('stops at once, in a request and in a pause', async () => {
  const hanging = forward(1, () => new Promise(() => undefined))
  const waiting = forward(1, () => away)
  await waiting.pass(1)
  await waiting.stop()
  expect(waiting.sent).toHaveLength(1)
  expect(hanging.sent).toHaveLength(1)
})
