import { once } from 'node:events'
import type { IPublishPacket } from 'mqtt-packet'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { createButton } from '../../../firmware-sim/button.ts'
import { systemClock } from '../../../firmware-sim/clock.ts'
import type { Feedback } from '../../../firmware-sim/codec.ts'
import type { LinkState } from '../../../firmware-sim/link.ts'
import { createRandom } from '../../../firmware-sim/random.ts'
import { type Line, type Script, startScriptedBroker } from './scripted-broker.ts'

const isEvent = (packet: IPublishPacket) => packet.topic === 'anling/v1/btn-1/event'
const jsonOf = (packet: IPublishPacket): unknown => JSON.parse(packet.payload.toString())
const acknowledge = ({ messageId }: IPublishPacket, line: Line) => {
  if (messageId !== undefined) line.send({ cmd: 'puback', messageId })
}

const aButton = async (script: Script) => {
  const broker = await startScriptedBroker(script)
  const feedback = Promise.withResolvers<Feedback>()
  const refused = Promise.withResolvers<LinkState>()
  const button = createButton({
    url: broker.url,
    device: 'btn-1',
    secret: 'simulation-only',
    clock: systemClock,
    random: createRandom('a'),
    onFeedback: feedback.resolve,
    onState: state => !state.up && refused.resolve(state),
  })
  onTestFinished(async () => {
    await button.close()
    await broker.close()
  })
  return { broker, button, feedback: feedback.promise, refused: refused.promise }
}

test('presses whose connection is dropped before the PUBACK come again under the same ids, in order', async () => {
  const seen: { connection: number; event: unknown }[] = []
  const { broker, button } = await aButton({
    published: (packet, line, connection) => {
      if (!isEvent(packet)) return
      seen.push({ connection, event: jsonOf(packet) })
      if (connection < 3) line.drop()
      else acknowledge(packet, line)
    },
  })
  const presses = [button.press(), button.press('test', { key: 'green' }), button.press()]
  expect(await Promise.all(presses.map(({ acknowledged }) => acknowledged))).toEqual([true, true, true])
  expect(button.unacknowledged).toBe(0)
  expect(broker.lines).toHaveLength(3)
  const last = seen.filter(({ connection }) => connection === 3).map(({ event }) => event)
  expect(last).toMatchObject([
    { id: presses[0]?.id, type: 'sos' },
    { id: presses[1]?.id, type: 'test', data: { key: 'green' } },
    { id: presses[2]?.id, type: 'sos' },
  ])
  expect(new Set(presses.map(({ id }) => id)).size).toBe(3)
  const [firstTry] = seen
  expect(firstTry).toEqual({ connection: 1, event: last[0] })
})

test('a press while the connection stands is sent at once, at QoS 1, not retained, and never again', async () => {
  const events: IPublishPacket[] = []
  const { button } = await aButton({
    published: (packet, line) => {
      if (isEvent(packet)) events.push(packet)
      acknowledge(packet, line)
    },
  })
  expect(await button.press().acknowledged).toBe(true)
  expect(await button.press().acknowledged).toBe(true)
  expect(events.map(({ qos, retain, dup }) => ({ qos, retain, dup }))).toEqual([
    { qos: 1, retain: false, dup: false },
    { qos: 1, retain: false, dup: false },
  ])
})

test('a button logs in as itself, leaves a last will and reports its battery and signal', async () => {
  const status = Promise.withResolvers<unknown>()
  const { broker } = await aButton({
    published: packet => packet.topic === 'anling/v1/btn-1/status' && status.resolve(jsonOf(packet)),
  })
  const Report = z.object({
    online: z.literal(true),
    batteryPercent: z.number(),
    rssiDbm: z.number().negative(),
  })
  expect(Report.safeParse(await status.promise).error).toBeUndefined()
  const connect = broker.lines[0]?.connect
  expect(connect).toMatchObject({ protocolVersion: 4, username: 'btn-1', clean: true })
  expect(connect?.password?.toString()).toBe('simulation-only')
  expect(connect?.will).toMatchObject({ topic: 'anling/v1/btn-1/status', retain: false })
  expect(connect?.will?.payload.toString()).toBe('{"online":false}')
})

test('feedback reaches the button, and nonsense on the same topic does not disturb it', async () => {
  const topic = 'anling/v1/btn-1/feedback'
  const { button, feedback } = await aButton({
    published: (packet, line) => {
      acknowledge(packet, line)
      if (!isEvent(packet)) return
      const publish = { cmd: 'publish', topic, qos: 1, dup: false, retain: false } as const
      line.send({ ...publish, messageId: 1, payload: Buffer.from([0xff, 0xfe]) })
      const told = { event: 'e-1', alarm: 'x', stage: 'acknowledged' }
      line.send({ ...publish, messageId: 2, payload: JSON.stringify(told) })
    },
  })
  button.press()
  expect(await feedback).toEqual({ event: 'e-1', alarm: 'x', stage: 'acknowledged' })
})

test('a refused login is reported with its reason, and the press is kept', async () => {
  const { button, refused } = await aButton({ connack: () => 5, published: () => undefined })
  const { acknowledged } = button.press()
  const state = await refused
  expect(state.up ? 'up' : state.reason).toMatch(/not authorized/i)
  expect(button.unacknowledged).toBe(1)
  await button.close()
  expect(await acknowledged).toBe(false)
})

test('beyond its memory a button says so, and keeps what it has', async () => {
  const { button } = await aButton({ connack: () => 3, published: () => undefined })
  const presses = Array.from({ length: 65 }, () => button.press())
  expect(await presses[64]?.acknowledged).toBe(false)
  expect(button.unacknowledged).toBe(64)
})

test('a button that is closed while it is still subscribing does not come to life', async () => {
  const subscribing = Promise.withResolvers<() => void>()
  const states: LinkState[] = []
  const broker = await startScriptedBroker({
    published: () => undefined,
    suback: ({ messageId = 0 }, line) => {
      subscribing.resolve(() => line.send({ cmd: 'suback', messageId, granted: [1] }))
      return false
    },
  })
  onTestFinished(broker.close)
  const button = createButton({
    url: broker.url,
    device: 'btn-1',
    secret: 's',
    clock: systemClock,
    random: createRandom('a'),
    onState: state => states.push(state),
  })
  const subscribed = await subscribing.promise
  const closed = button.close()
  subscribed()
  await closed
  expect(states).toEqual([])
})

test('a broker that has frozen does not hold up the closing of a button', async () => {
  const frozen = Promise.withResolvers<Line>()
  const { button } = await aButton({
    published: (_packet, line) => {
      line.socket.pause()
      frozen.resolve(line)
    },
  })
  const { socket } = await frozen.promise
  await button.close()
  expect(socket.readableEnded).toBe(false)
})

test('a closed button ends its connection with a DISCONNECT and does not come back', async () => {
  const up = Promise.withResolvers<Line>()
  const { broker, button } = await aButton({ published: (_packet, line) => up.resolve(line) })
  const { socket } = await up.promise
  const ended = once(socket, 'close')
  await button.close()
  await ended
  expect(await button.press().acknowledged).toBe(false)
  expect(broker.lines).toHaveLength(1)
})
