import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { expect, it } from 'vitest'
import { DeviceId } from '../../../gateway/model/ids.ts'
import type { TelemetryStore } from '../../../gateway/model/telemetry.ts'
import { withTemporaryDirectory } from '../../support/temporary-directory.ts'
import { dayMs, today, withStore } from './store-world.ts'

const kills = 6
const midnight = today - (today % dayMs)

/** Lets a process write until it has reported `lines` messages, kills it, and answers the last number of each lane. */
const writeUntilKilled = async (directory: string, run: number, lines: number) => {
  const script = new URL('./store-writer.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [script, directory, String(run), String(midnight)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const reported = new Map<number, number>()
  let count = 0
  for await (const line of createInterface({ input: child.stdout })) {
    const [lane = -1, number = -1] = line.split(' ').map(Number)
    reported.set(lane, number)
    count += 1
    if (count === lines) child.kill('SIGKILL')
  }
  expect(await exited).toEqual([null, 'SIGKILL'])
  return reported
}

const numbersOf = async (store: TelemetryStore, device: string, from: number): Promise<readonly number[]> => {
  const query = { device: DeviceId.parse(device), metric: 'heartRate', from, to: from + 10_000, everyMs: 1 }
  return (await store.query(query)).map(({ mean }) => mean)
}

it(`keeps what it has said to be on disk through ${kills} kills`, () =>
  withTemporaryDirectory(async directory => {
    for (let run = 0; run < kills; run += 1) {
      const reported = await writeUntilKilled(directory, run, 1 + run * 173)
      await withStore(directory, async ({ store, states }) => {
        for (const [lane, last] of reported) {
          const expected = Array.from({ length: last + 1 }, (_, number) => number)
          for (const from of [midnight, midnight - 10_000]) {
            const found = await numbersOf(store, `run-${run}-${lane}`, from)
            expect(found.slice(0, last + 1)).toEqual(expected)
          }
        }
        const saved = Number((await states.load()).get(`run-${run}`) ?? -1)
        expect(saved).toBeGreaterThanOrEqual(reported.get(0) ?? -1)
      })
    }
  }))
