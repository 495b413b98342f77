import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { createBridge } from '../../../firmware-sim/devices/bridge.ts'
import { createRandom } from '../../../firmware-sim/random.ts'
import { createSensor } from '../../../firmware-sim/sensor.ts'
import { createVirtualClock } from '../../support/virtual-clock.ts'
import { type Script, startScriptedBroker } from './scripted-broker.ts'

type Published = {
  readonly topic: string
  readonly retain: boolean
  readonly qos: number
  readonly payload: unknown
}

/** Acknowledges everything, and hands on each message as it comes. */
const aBroker = async () => {
  const published: Published[] = []
  const watchers = new Set<() => void>()
  const script: Script = {
    published: ({ topic, retain, qos, payload, messageId }, line) => {
      published.push({ topic, retain, qos, payload: JSON.parse(payload.toString()) })
      if (messageId !== undefined && qos > 0) line.send({ cmd: 'puback', messageId })
      for (const look of watchers) look()
    },
  }
  const broker = await startScriptedBroker(script)
  onTestFinished(broker.close)
  const shows = (isIt: (message: Published) => boolean): Promise<Published> =>
    new Promise(found => {
      const look = () => {
        const message = published.find(isIt)
        if (message) found(message)
      }
      watchers.add(look)
      look()
    })
  return { broker, published, shows }
}

test('a sensor measures on its own clock and keeps an event until it is acknowledged', async () => {
  const { broker, shows } = await aBroker()
  const clock = createVirtualClock(Date.parse('2026-11-22T02:00:00+08:00'))
  const sensor = createSensor({
    url: broker.url,
    device: 'pad-1',
    secret: 's',
    clock,
    random: createRandom('a'),
    measure: { everyMs: 10_000, at: now => ({ heartRate: 60 + (now % 7), inBed: 1 }) },
  })
  onTestFinished(sensor.close)
  expect(await shows(({ topic }) => topic === 'anling/v1/pad-1/status')).toMatchObject({
    payload: { online: true },
  })
  clock.advance(10_000)
  expect(await shows(({ topic }) => topic === 'anling/v1/pad-1/measure')).toMatchObject({
    qos: 0,
    payload: { at: '2026-11-21T18:00:10.000Z', inBed: 1 },
  })
  expect(await sensor.send('fall').acknowledged).toBe(true)
  expect(await shows(({ topic }) => topic === 'anling/v1/pad-1/event')).toMatchObject({
    qos: 1,
    retain: false,
    payload: { type: 'fall', at: '2026-11-21T18:00:10.000Z' },
  })
})

test('without power a sensor is gone without a DISCONNECT, so that its last will speaks; with power it is back', async () => {
  const { broker } = await aBroker()
  const states: boolean[] = []
  const changed = Promise.withResolvers<void>()
  const sensor = createSensor({
    url: broker.url,
    device: 'pad-1',
    secret: 's',
    clock: createVirtualClock(),
    random: createRandom('a'),
    onState: ({ up }) => {
      states.push(up)
      if (states.length === 1) sensor.power(false)
      if (states.length === 2) sensor.power(true)
      if (states.length === 3) changed.resolve()
    },
  })
  onTestFinished(sensor.close)
  await changed.promise
  expect(states).toEqual([true, false, true])
  const [first, second] = broker.lines
  expect(first?.connect.will?.payload.toString()).toBe('{"online":false}')
  expect(first?.disconnected()).toBe(false)
  expect(second).toBeDefined()
})

test('a Zigbee bridge logs in as itself, tells what is behind it, and gives a press at QoS 1, not retained', async () => {
  const { broker, shows, published } = await aBroker()
  const bridge = createBridge({
    url: broker.url,
    id: 'b-1',
    secret: 's',
    devices: [{ ieee: '0x1', name: 'btn', model: 'sos-button' }],
    random: createRandom('a'),
  })
  onTestFinished(bridge.close)
  await shows(({ topic }) => topic === 'zigbee2mqtt/btn/availability')
  const [line] = broker.lines
  expect(line?.connect).toMatchObject({
    username: 'bridge:b-1',
    will: { topic: 'zigbee2mqtt/bridge/state', retain: true },
  })
  expect(published.slice(0, 3).map(({ topic, retain }) => [topic, retain])).toEqual([
    ['zigbee2mqtt/bridge/state', true],
    ['zigbee2mqtt/bridge/devices', true],
    ['zigbee2mqtt/btn/availability', true],
  ])
  expect(await bridge.press('btn')).toBe(true)
  expect(await bridge.change('btn', { battery: 71 })).toBe(true)
  const states = published.filter(({ topic }) => topic === 'zigbee2mqtt/btn')
  expect(states.map(({ qos, retain }) => [qos, retain])).toEqual([
    [1, false],
    [1, false],
  ])
  expect(states.map(({ payload }) => payload)).toMatchObject([{ action: 'emergency' }, { battery: 71 }])
  expect(states[1]?.payload).not.toHaveProperty('action')
  const closed = line && once(line.socket, 'close')
  await bridge.close()
  await closed
})
