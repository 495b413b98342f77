/** SIGKILL in the middle of a night: what was acknowledged is there afterwards, and what was found is not found twice. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readAlarm } from '../../support/api-client.ts'
import { eventually } from '../../support/eventually.ts'
import { fastTime } from '../../support/fast-time.ts'
import { createPseudoTerminals } from '../../support/pseudo-terminal.ts'
import { nativeFeedback, nativeSos, stage } from '../../support/sensor-frames.ts'
import { say, withSensorTown, withSensorTownIn } from '../../support/sensor-town.ts'
import { alarmsAt, readSeries, theAlarm } from '../../support/sensor-views.ts'
import { withTemporaryDirectory } from '../../support/temporary-directory.ts'

const minutes = 60_000
const pads = [1, 2, 3, 4].map(n => ({ id: `pad-${n}`, model: 'native/bed-pad', home: `h-${n}` }))

test('an exit that was acknowledged rings at its time, and only once, though the gateway is killed twice', () => {
  const time = fastTime(120, '2026-11-21T02:05:00+08:00')
  const settings = { simulation: time.settings }
  return withSensorTown({ homes: 1, devices: pads.slice(0, 1), settings }, async town => {
    // So that it need not take half an hour; what was set is there after a kill, too.
    const values = { 'bedExit.mediumAfter': 5, 'bedExit.highAfter': 15 }
    const path = '/api/residents/r-1/thresholds'
    expect(await town.api.patch(path, { values, why: 'a test' })).toMatchObject({ status: 200 })
    const pad = await town.connect('pad-1')
    const exitAt = time.now()
    expect(await say(pad, 'event', { id: 'exit-1', type: 'bed-exit' })).toBe(true)
    const second = await town.killAndRestart()
    await second.connect('pad-1')
    const medium = await theAlarm(second.api, 'h-1', 'no-return-to-bed', 30_000)
    expect(time.now()).toBeGreaterThan(exitAt + 5 * minutes)
    const third = await second.killAndRestart()
    await third.connect('pad-1')

    const high = await eventually(
      'the high level',
      async () => {
        const alarm = await readAlarm(third.api, medium.id)
        return alarm['priority'] === 'high' ? alarm : undefined
      },
      30_000,
    )
    expect(time.now()).toBeGreaterThan(exitAt + 15 * minutes)
    expect(await alarmsAt(third.api, 'h-1')).toHaveLength(1)
    const occurrences = high.timeline.filter(({ type }) => type === 'raised' || type === 'repeated')
    expect(occurrences.map(({ occurrence }) => occurrence)).toMatchObject([
      { found: { rule: 'bed-exit', level: 'medium' } },
      { found: { rule: 'bed-exit', level: 'high' } },
    ])
  })
})

test('measurements that were acknowledged before the kill are all in the curve', () =>
  withSensorTown({ homes: 4, devices: pads }, async town => {
    const begin = Math.floor(Date.now() / 60_000) * 60_000 - 30 * 60_000
    const at = (n: number): number => begin + n * 1_000
    const acknowledged = new Map<string, number[]>(pads.map(({ id }) => [id, []]))
    const clients = await Promise.all(pads.map(({ id }) => town.connect(id)))
    const waves = clients.map(async client => {
      for (let n = 0; ; n += 1) {
        const sample = { at: new Date(at(n)).toISOString(), heartRate: 50 + (n % 40) }
        if (!(await say(client, 'measure', sample))) return
        acknowledged.get(client.clientId)?.push(n)
      }
    })
    await eventually('samples of each', () =>
      [...acknowledged.values()].every(({ length }) => length >= 20) ? true : undefined,
    )
    const again = await town.killAndRestart()
    await Promise.all(waves)
    for (const [device, samples] of acknowledged) {
      const curve = await readSeries(again.api, {
        device,
        metric: 'heartRate',
        from: new Date(begin).toISOString(),
        to: new Date(begin + 3_600_000).toISOString(),
        every: '1s',
      })
      const found = new Map(curve.map(point => [Date.parse(point.at), point.mean]))
      expect(samples.map(n => found.get(at(n)))).toEqual(samples.map(n => 50 + (n % 40)))
    }
  }))

test('a call on a serial line that was accepted is there after a kill at that very moment', () =>
  withTemporaryDirectory(async directory => {
    const cable = createPseudoTerminals(directory)
    await cable.plugIn()
    const transport = { serial: { line: 'pads', number: 7 } }
    const devices = [{ id: 'receiver-7', model: 'native/call-button', home: 'h-1', transport }]
    const lines = [{ id: 'pads', path: join(directory, 'near'), protocol: 'native' }]
    try {
      await withSensorTownIn(
        directory,
        { homes: 1, devices, settings: { serial: { lines } } },
        async town => {
          const device = cable.openFar()
          const event = { device: 7, boot: 3, sequence: 1 }
          device.say(nativeSos(event))
          await eventually('accepted', () =>
            device.heard().includes(nativeFeedback(event, stage.accepted)) ? true : undefined,
          )
          const again = await town.killAndRestart()
          expect(await theAlarm(again.api, 'h-1', 'sos')).toMatchObject({ repeats: 0, state: 'offered' })
          // The device has not heard the answer: it says the same again, and that is the same press.
          const before = device.heard().length
          device.say(nativeSos(event))
          await eventually('accepted again', () =>
            device.heard().subarray(before).includes(nativeFeedback(event, stage.accepted))
              ? true
              : undefined,
          )
          expect(await theAlarm(again.api, 'h-1', 'sos')).toMatchObject({ repeats: 0 })
        },
      )
    } finally {
      cable.unplug()
    }
  }))
