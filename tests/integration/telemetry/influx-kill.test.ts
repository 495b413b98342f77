import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { database, prepareInfluxd } from '../../support/influxd.ts'
import { seededRandom } from '../../support/seeded-random.ts'
import { withTemporaryDirectory } from '../../support/temporary-directory.ts'
import { night, writeDays } from './forward-day-files.ts'

const kills = 12
const samplesPerRun = 2_000
const script = join(import.meta.dirname, 'influx-forwarding-process.ts')

test(`a forwarder killed ${kills} times in the middle of its work leaves exactly the points, each once`, () =>
  withTemporaryDirectory(async parent => {
    const influxd = await prepareInfluxd(parent)
    await influxd.start()
    const random = seededRandom(20261121)
    const directory = join(parent, 'telemetry')
    const samples = night('pad-1', kills * samplesPerRun)
    const forwarderOf = () =>
      spawn(process.execPath, [script, directory, influxd.url, database], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
    let last: ReturnType<typeof forwarderOf> | undefined
    try {
      await influxd.ask(`CREATE DATABASE ${database}`)
      let inTheMiddle = 0
      for (let run = 0; run < kills; run += 1) {
        writeDays(
          directory,
          samples.slice(run * samplesPerRun, (run + 1) * samplesPerRun),
          run * samplesPerRun + 1,
        )
        const child = forwarderOf()
        const exited = once(child, 'exit')
        // After a number of reports that nobody chose: each is a batch or a few.
        let reports = random.integer(1, 6)
        for await (const line of createInterface({ input: child.stdout })) {
          const { lag = 0 }: { lag?: number } = JSON.parse(line)
          reports -= 1
          if (reports > 0 && lag > 0) continue
          if (lag > 0) inTheMiddle += 1
          child.kill('SIGKILL')
          break
        }
        expect(await exited).toEqual([null, 'SIGKILL'])
      }
      expect(inTheMiddle).toBeGreaterThan(kills / 2)

      last = forwarderOf()
      const points = () => influxd.ask(`SELECT "heartRate" FROM "sensor" WHERE "device" = 'pad-1'`)
      const all = await eventually(
        'the last point',
        async () => {
          const rows = await points()
          return rows.length >= samples.length ? rows : undefined
        },
        60_000,
      )
      expect(all).toEqual(samples.map(({ at, readings }) => [at, readings['heartRate']]))
    } finally {
      last?.kill('SIGKILL')
      await influxd.kill()
    }
  }))
