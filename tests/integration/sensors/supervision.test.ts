/** How well a home is watched over, from never heard of to gone silent. */
import { expect, test } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { fastTime } from '../../support/fast-time.ts'
import { type SensorTown, say, withSensorTown } from '../../support/sensor-town.ts'
import { alarmsAt, readSupervision, theAlarm } from '../../support/sensor-views.ts'

const devices = [{ id: 'pad-1', model: 'native/bed-pad', home: 'h-1' }]

const supervised = ({ api }: SensorTown, state: string, reasons: readonly string[]) =>
  eventually(`${state}: ${reasons.join()}`, async () => {
    const found = await readSupervision(api, 'h-1')
    const isThere = reasons.every(reason => found.weaknesses.some(weakness => weakness.reason === reason))
    return found.state === state && isThere ? found : undefined
  })

test('never seen, protected, a low battery, and silent after its last will', () => {
  const time = fastTime(120, '2026-11-21T10:00:00+08:00')
  const settings = { simulation: time.settings }
  return withSensorTown({ homes: 1, devices, settings }, async town => {
    expect(await readSupervision(town.api, 'h-1')).toMatchObject({
      state: 'unprotected',
      weaknesses: [{ reason: 'no-way-to-call' }, { reason: 'never-seen', device: 'pad-1' }],
    })

    const will = { topic: 'anling/v1/pad-1/status', payload: '{"online":false}' }
    const pad = await town.connect('pad-1', { will })
    expect(await say(pad, 'status', { online: true, batteryPercent: 80 })).toBe(true)
    expect(await readSupervision(town.api, 'h-1')).toMatchObject({ state: 'protected', weaknesses: [] })

    for (const batteryPercent of [15, 15]) expect(await say(pad, 'status', { batteryPercent })).toBe(true)
    expect(await readSupervision(town.api, 'h-1')).toMatchObject({ state: 'protected' })
    expect(await alarmsAt(town.api, 'h-1')).toEqual([])
    expect(await say(pad, 'status', { batteryPercent: 15 })).toBe(true)
    expect(await readSupervision(town.api, 'h-1')).toMatchObject({
      state: 'degraded',
      weaknesses: [{ reason: 'battery-low', device: 'pad-1' }],
    })
    expect(await theAlarm(town.api, 'h-1', 'battery-low')).toMatchObject({
      class: 'technical',
      found: { rule: 'battery-low', evidence: [{}, {}, {}] },
    })

    const lostAt = time.now()
    pad.socket.destroy()
    await supervised(town, 'unprotected', ['no-way-to-call', 'device-silent', 'battery-low'])
    // Three heartbeats of a minute each.
    expect(time.now() - lostAt).toBeGreaterThanOrEqual(180_000)
    expect(await theAlarm(town.api, 'h-1', 'device-silent')).toMatchObject({ class: 'technical' })

    const back = await town.connect('pad-1', { will })
    expect(await say(back, 'status', { online: true, batteryPercent: 100 })).toBe(true)
    await supervised(town, 'protected', [])
    const states = (await alarmsAt(town.api, 'h-1')).map(({ kind, state }) => [kind, state])
    expect(new Map(states.map(([kind, state]) => [kind ?? '', state]))).toEqual(
      new Map([
        ['battery-low', 'closed'],
        ['device-silent', 'closed'],
      ]),
    )
  })
})
