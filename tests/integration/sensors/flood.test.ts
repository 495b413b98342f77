/** A sensor gone mad: its alarm counts, a technician hears of it, and whoever calls elsewhere comes first. */
import { expect, test } from 'vitest'
import { listAlarms, readAlarm } from '../../support/api-client.ts'
import { eventually } from '../../support/eventually.ts'
import { say, withSensorTown } from '../../support/sensor-town.ts'
import { theAlarm } from '../../support/sensor-views.ts'

const falls = 1_000
const devices = [
  { id: 'mad-1', model: 'native/fall-detector', home: 'h-1' },
  { id: 'btn-2', model: 'native/call-button', home: 'h-2' },
]

test('a sensor that calls 1,000 times: one alarm that counts them, a technician, and an SOS elsewhere first', () =>
  withSensorTown({ homes: 2, devices }, async ({ api, connect, terminal }) => {
    const [mad, button] = await Promise.all([connect('mad-1'), connect('btn-2')])
    let answered = 0
    const flood = Array.from({ length: falls }, (_, n) =>
      say(mad, 'event', { id: `f-${n}`, type: 'fall' }).then(isAcknowledged => {
        if (isAcknowledged) answered += 1
      }),
    )
    await eventually('the middle of the flood', () => (answered >= falls / 4 ? true : undefined))
    const pressedAt = performance.now()
    const pressed = say(button, 'event', { id: 'p-1', type: 'sos' })
    await eventually('the offer of the call', () => terminal.offers.find(offer => offer.home.id === 'h-2'))
    expect(performance.now() - pressedAt).toBeLessThan(1_000)
    expect(await pressed).toBe(true)
    // The flood is still running.
    expect(answered).toBeLessThan(falls)
    expect((await listAlarms(api, 'state=open'))[0]).toMatchObject({ kind: 'sos', home: { id: 'h-2' } })

    await Promise.all(flood)
    expect(answered).toBe(falls)
    const fall = await theAlarm(api, 'h-1', 'fall')
    expect(fall.repeats).toBe(falls - 1)
    const { timeline } = await readAlarm(api, fall.id)
    expect(new Set(timeline.flatMap(({ eventId }) => eventId ?? [])).size).toBe(falls)
    expect(await theAlarm(api, 'h-1', 'sensor-faulty')).toMatchObject({
      class: 'technical',
      device: { id: 'mad-1' },
      repeats: 0,
    })
    expect((await listAlarms(api, 'state=open')).map(({ kind }) => kind)).toEqual([
      'sos',
      'fall',
      'sensor-faulty',
    ])
  }))
