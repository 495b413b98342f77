import { generate } from 'mqtt-packet'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { AlarmView, listAlarms, readAlarm, readMetric } from '../../support/api-client.ts'
import { eventually } from '../../support/eventually.ts'
import { connectMqtt, type MqttClient, publishAcknowledged } from '../../support/mqtt-load.ts'
import { type RunningTown, startTown } from '../../support/running-town.ts'
import { withTemporaryDirectory } from '../../support/temporary-directory.ts'
import {
  connectButton,
  connectTerminal,
  eventTopic,
  press,
  type Terminal,
} from '../../support/town-clients.ts'

// Home 0 is the bystander, who must notice nothing; home 1 sends nonsense; the others have a test each.
const size = { points: 1, homes: 8 }
const [bystander, culprit] = [0, 1]

let town: RunningTown
let terminal: Terminal
let neighbour: MqttClient
const end = Promise.withResolvers<void>()
let ended: Promise<void>

beforeAll(async () => {
  const started = Promise.withResolvers<RunningTown>()
  ended = withTemporaryDirectory(async directory => {
    const running = await startTown(directory, size)
    started.resolve(running)
    await end.promise
    await running.gateway.stop()
  })
  ended.catch(started.reject)
  town = await started.promise
  terminal = await connectTerminal(town.gateway.mqttUrl, town.point(0))
  neighbour = await connectButton(town.gateway.mqttUrl, town.home(bystander))
})

afterAll(async () => {
  end.resolve()
  await ended
})

let goodPresses = 0

/** The next good press of somebody else works, over the connection that stood all the while. */
const expectBystanderUnharmed = async (): Promise<void> => {
  const home = town.home(bystander)
  const offersBefore = terminal.offers.length
  expect(await press(neighbour, home, `good-${++goodPresses}`)).toBe(true)
  await eventually('an offer of the good press', () =>
    terminal.offers.slice(offersBefore).find(offer => offer.home.id === home.id),
  )
}

const alarmsOf = async (index: number): Promise<AlarmView[]> =>
  (await listAlarms(town.api, 'state=all')).filter(alarm => alarm.device?.id === town.home(index).device)

const count = (metric: 'anling_discards_total' | 'anling_broker_refusals_total', reason: string) =>
  readMetric(town.gateway.httpUrl, metric, { reason })

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value))

const neverUnderstood: readonly { what: string; payload: Buffer; reason: string }[] = [
  { what: 'bytes that are not UTF-8', payload: Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), reason: 'not-utf8' },
  { what: 'text that is not JSON', payload: Buffer.from('help!'), reason: 'not-json' },
  { what: 'JSON cut in the middle', payload: Buffer.from('{"id":"1","type":"so'), reason: 'not-json' },
  { what: 'an empty payload', payload: Buffer.alloc(0), reason: 'not-json' },
  { what: 'an array', payload: json([1, 2, 3]), reason: 'wrong-shape' },
  { what: 'an event without an id', payload: json({ type: 'sos' }), reason: 'wrong-shape' },
  { what: 'an id that is a number', payload: json({ id: 7, type: 'sos' }), reason: 'wrong-shape' },
  {
    what: 'an id of 65 characters',
    payload: json({ id: 'x'.repeat(65), type: 'sos' }),
    reason: 'wrong-shape',
  },
  {
    what: 'a type that is an object',
    payload: json({ id: '1', type: { sos: true } }),
    reason: 'wrong-shape',
  },
  {
    what: 'a payload above 64 KiB in a frame that is still allowed',
    payload: json({ id: '1', type: 'sos', data: { text: 'x'.repeat(65_536) } }).subarray(0, 65_537),
    reason: 'oversized',
  },
]

test.for(neverUnderstood)(
  '$what: acknowledged, counted as $reason, nothing raised',
  async ({ payload, reason }) => {
    const home = town.home(culprit)
    const button = await connectButton(town.gateway.mqttUrl, home)
    const before = await count('anling_discards_total', reason)
    // Acknowledged, or the device would send what nobody can read until its battery is empty.
    expect(await publishAcknowledged(button, eventTopic(home), payload)).toBe(true)
    expect(await count('anling_discards_total', reason)).toBe(before + 1)
    expect(await alarmsOf(culprit)).toEqual([])
    await expectBystanderUnharmed()
    button.end()
  },
)

const publishFrame = (topic: string, more: { retain?: boolean; payload?: Buffer } = {}): Buffer =>
  generate({
    cmd: 'publish',
    messageId: 9,
    qos: 1,
    dup: false,
    retain: more.retain ?? false,
    topic,
    payload: more.payload ?? json({ id: 'bad', type: 'sos' }),
  })

const closing: readonly { what: string; bytes: () => Buffer; reason: string }[] = [
  {
    what: 'an event under the topic of another device',
    bytes: () => publishFrame(eventTopic(town.home(bystander))),
    reason: 'publish-not-allowed',
  },
  {
    what: 'an offer made by a device',
    bytes: () => publishFrame(`anling/v1/points/${town.point(0).id}/offer`),
    reason: 'publish-not-allowed',
  },
  {
    what: 'a retained event',
    bytes: () => publishFrame(eventTopic(town.home(culprit)), { retain: true }),
    reason: 'publish-not-allowed',
  },
  {
    what: 'a frame that announces 200 MiB',
    bytes: () => Buffer.from([0x32, 0x80, 0x80, 0x80, 0x64, 0x00]),
    reason: 'frame-too-large',
  },
  {
    what: 'a frame just above the limit',
    bytes: () => publishFrame(eventTopic(town.home(culprit)), { payload: Buffer.alloc(70_000, 0x20) }),
    reason: 'frame-too-large',
  },
  {
    what: 'a length of five bytes',
    bytes: () => Buffer.from([0x32, 0xff, 0xff, 0xff, 0xff, 0x01]),
    reason: 'malformed-frame',
  },
  {
    what: 'a reserved packet type',
    bytes: () => Buffer.from([0x00, 0x00]),
    reason: 'malformed-frame',
  },
]

test.for(closing)('$what: closed without PUBACK, counted as $reason', async ({ bytes, reason }) => {
  const button = await connectButton(town.gateway.mqttUrl, town.home(culprit))
  const before = await count('anling_broker_refusals_total', reason)
  let answered = 0
  button.socket.on('data', part => {
    answered += part.length
  })
  button.socket.write(bytes())
  await button.closed
  expect(answered).toBe(0)
  expect(await count('anling_broker_refusals_total', reason)).toBe(before + 1)
  expect(await alarmsOf(culprit)).toEqual([])
  await expectBystanderUnharmed()
})

test('a frame cut off by a lost connection raises nothing', async () => {
  const home = town.home(culprit)
  const button = await connectButton(town.gateway.mqttUrl, home)
  const frame = publishFrame(eventTopic(home))
  button.socket.end(frame.subarray(0, frame.length - 5))
  await button.closed
  await expectBystanderUnharmed()
  expect(await alarmsOf(culprit)).toEqual([])
})

test('an unknown device and a wrong secret are refused at login and counted', async () => {
  const before = await count('anling_broker_refusals_total', 'not-authenticated')
  const url = town.gateway.mqttUrl
  const { device, secret } = town.home(culprit)
  const logins = [
    { clientId: 'a', username: 'btn-nobody', password: secret },
    { clientId: 'b', username: device, password: `${secret}x` },
    { clientId: 'c', username: device },
    { clientId: 'd' },
  ]
  for (const login of logins) {
    await expect(connectMqtt({ url, ...login })).rejects.toThrow(/CONNACK [45]|closed/)
  }
  expect(await count('anling_broker_refusals_total', 'not-authenticated')).toBe(before + logins.length)
  await expectBystanderUnharmed()
})

test('a device cannot listen to a service point', async () => {
  const { device, secret } = town.home(culprit)
  const before = await count('anling_broker_refusals_total', 'subscribe-not-allowed')
  const spying = connectMqtt({
    url: town.gateway.mqttUrl,
    clientId: device,
    username: device,
    password: secret,
    subscribe: [`anling/v1/points/${town.point(0).id}/offer`],
  })
  await expect(spying).rejects.toThrow(/subscription refused|closed/)
  expect(await count('anling_broker_refusals_total', 'subscribe-not-allowed')).toBe(before + 1)
  await expectBystanderUnharmed()
})

const eventIdsOf = async (index: number): Promise<string[]> => {
  const [alarm, ...others] = await alarmsOf(index)
  expect(others).toEqual([])
  const { timeline } = await readAlarm(town.api, alarm?.id ?? 'none')
  return timeline.flatMap(entry => entry.eventId ?? [])
}

test('ids that come twice or out of order: each is one occurrence, in the order of arrival', async () => {
  const home = town.home(2)
  const button = await connectButton(town.gateway.mqttUrl, home)
  for (const id of ['5', '3', '5', '4', '3', '5']) expect(await press(button, home, id)).toBe(true)
  expect(await eventIdsOf(2)).toEqual(['5', '3', '4'])
  button.end()
})

test('the same id in one burst and again over a new connection stays one occurrence', async () => {
  const home = town.home(3)
  const first = await connectButton(town.gateway.mqttUrl, home)
  const burst = await Promise.all([1, 2, 3].map(() => press(first, home, 'same')))
  expect(burst).toEqual([true, true, true])
  first.end()
  const second = await connectButton(town.gateway.mqttUrl, home)
  expect(await press(second, home, 'same')).toBe(true)
  expect(await eventIdsOf(3)).toEqual(['same'])
  second.end()
})

const Times = AlarmView.transform(alarm => ({
  raisedAt: Date.parse(String(alarm['raisedAt'])),
  receivedAt: Date.parse(String(alarm['receivedAt'])),
}))

test.for([
  { index: 4, at: '1970-01-01T00:00:00Z' },
  { index: 5, at: '2061-07-28T12:00:00Z' },
  { index: 6, at: 'yesterday' },
])('a device clock that says $at does not move the alarm', async ({ index, at }) => {
  const home = town.home(index)
  const button = await connectButton(town.gateway.mqttUrl, home)
  const before = Date.now()
  expect(await publishAcknowledged(button, eventTopic(home), json({ id: '1', type: 'sos', at }))).toBe(true)
  const { raisedAt, receivedAt } = Times.parse((await alarmsOf(index))[0])
  for (const time of [raisedAt, receivedAt]) {
    expect(time).toBeGreaterThanOrEqual(before)
    expect(time).toBeLessThanOrEqual(Date.now())
  }
  button.end()
})

test('an event of an unknown type is kept and counted, and raises nothing', async () => {
  const home = town.home(7)
  const button = await connectButton(town.gateway.mqttUrl, home)
  expect(await publishAcknowledged(button, eventTopic(home), json({ id: '1', type: 'singing' }))).toBe(true)
  expect(await alarmsOf(7)).toEqual([])
  await expectBystanderUnharmed()
  button.end()
})
