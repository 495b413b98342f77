/** Writes telemetry until it is killed, several messages at a time, and names each as soon as it is on disk. */
import { writeSync } from 'node:fs'
import { systemClock } from '../../../gateway/kit/system-clock.ts'
import { DeviceId } from '../../../gateway/model/ids.ts'
import { openTelemetry } from '../../../gateway/telemetry/open.ts'

const [directory = '', run = '', from = ''] = process.argv.slice(2)
const lanes = 50
const complain = (_: object, text?: string) => process.stderr.write(`${text}\n`)
const { store, states } = await openTelemetry({
  directory,
  clock: systemClock,
  log: { error: complain },
  limits: { retentionDays: 36_500, maxBytes: 2 ** 30, minFreeBytes: 0 },
})

const writeForever = async (lane: number): Promise<never> => {
  const device = DeviceId.parse(`run-${run}-${lane}`)
  for (let number = 0; ; number += 1) {
    // On both sides of midnight, so that a message concerns two files.
    const at = Number(from) + number
    const samples = [at, at - 10_000].map(at => ({ device, at, readings: { heartRate: number } }))
    if (!(await store.write(samples))) throw new Error('not stored')
    if (lane === 0 && !(await states.save(new Map([[`run-${run}`, String(number)]]))))
      throw new Error('not saved')
    writeSync(process.stdout.fd, `${lane} ${number}\n`)
  }
}

await Promise.all(Array.from({ length: lanes }, (_, lane) => writeForever(lane)))
