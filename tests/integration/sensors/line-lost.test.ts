/** A cable that is pulled out is a technical alarm, and ends as one when it is back. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readAlarm } from '../../support/api-client.ts'
import { eventually } from '../../support/eventually.ts'
import { fastTime } from '../../support/fast-time.ts'
import { createPseudoTerminals } from '../../support/pseudo-terminal.ts'
import { nativeFeedback, nativeHeartbeat, nativeSos, stage } from '../../support/sensor-frames.ts'
import { type SensorTown, withSensorTownIn } from '../../support/sensor-town.ts'
import { alarmsAt, readSupervision, story, theAlarm } from '../../support/sensor-views.ts'
import { withTemporaryDirectory } from '../../support/temporary-directory.ts'

/** The 10 s of grace in a quarter of one, and silence is not taken for a loss for 4.5 s. */
const speed = 40
const devices = [
  {
    id: 'receiver-7',
    model: 'native/call-button',
    home: 'h-1',
    transport: { serial: { line: 'pads', number: 7 } },
  },
]

const supervised = ({ api }: SensorTown, state: string, meanwhile = () => {}) =>
  eventually(`the home is ${state}`, async () => {
    meanwhile()
    const supervision = await readSupervision(api, 'h-1')
    return supervision.state === state ? supervision : undefined
  })

test('a pulled cable rings for the technician and leaves the home unprotected, until it is back', () =>
  withTemporaryDirectory(async directory => {
    const cable = createPseudoTerminals(directory)
    await cable.plugIn()
    const settings = {
      simulation: fastTime(speed, '2026-11-21T10:00:00+08:00').settings,
      serial: { lines: [{ id: 'pads', path: join(directory, 'near'), protocol: 'native', home: 'h-1' }] },
    }
    try {
      await withSensorTownIn(directory, { homes: 1, devices, settings }, async town => {
        const device = cable.openFar()
        expect(await supervised(town, 'unprotected')).toMatchObject({
          weaknesses: [{ reason: 'no-way-to-call' }, { reason: 'never-seen', device: 'receiver-7' }],
        })
        expect(await supervised(town, 'protected', () => device.say(nativeHeartbeat(7)))).toEqual(
          expect.objectContaining({ weaknesses: [] }),
        )
        expect(await alarmsAt(town.api, 'h-1')).toEqual([])

        cable.unplug()
        const alarm = await theAlarm(town.api, 'h-1', 'line-lost')
        expect(alarm).toMatchObject({ class: 'technical', state: 'offered', repeats: 0 })
        expect(await supervised(town, 'unprotected')).toMatchObject({
          weaknesses: expect.arrayContaining([
            expect.objectContaining({ reason: 'line-lost', device: 'receiver-7' }),
          ]),
        })

        await cable.plugIn()
        const again = cable.openFar()
        await supervised(town, 'protected', () => again.say(nativeHeartbeat(7)))
        const ended = await eventually('the end of the alarm', async () => {
          const now = await readAlarm(town.api, alarm.id)
          return now.state === 'closed' ? now : undefined
        })
        expect(story(ended)).toEqual(['raised', 'offered', 'cleared', 'resolved', 'closed'])

        const press = { device: 7, boot: 2, sequence: 1 }
        again.say(nativeSos(press))
        await eventually('accepted', () =>
          again.heard().includes(nativeFeedback(press, stage.accepted)) ? true : undefined,
        )
      })
    } finally {
      cable.unplug()
    }
  }))
