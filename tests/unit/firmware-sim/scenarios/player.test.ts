import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { clockText } from '../../../../firmware-sim/local-time.ts'
import { createPlayer } from '../../../../firmware-sim/scenarios/player.ts'
import { createRecorder } from '../../../../firmware-sim/scenarios/recorder.ts'
import { loadScenario } from '../../../../firmware-sim/scenarios/scenario.ts'
import { createVirtualClock } from '../../../support/virtual-clock.ts'

/** Of whatever is said: the bridge's list of devices is none of these. */
const Content = z
  .object({
    id: z.string().optional(),
    type: z.string().optional(),
    action: z.string().optional(),
    online: z.boolean().optional(),
    mains: z.boolean().optional(),
    inBed: z.number().optional(),
    heartRate: z.number().optional(),
    batteryPercent: z.number().optional(),
  })
  .catch({})

const eightHours = 8 * 3_600_000
const midnight = Date.parse('2026-11-21T00:00:00+08:00')

/** The whole story in one go, from its start or from a later time of day of the same night. */
const played = async (name: string, laterMs = 0) => {
  const scenario = await loadScenario(name)
  const clock = createVirtualClock(midnight + scenario.start + laterMs)
  const { said, connect, plug } = createRecorder(clock)
  const player = await createPlayer({ scenario, clock, connect, plug })
  const ended = player.play('mqtt://127.0.0.1:1').then(() => clockText(clock.now()))
  await clock.pass(0)
  clock.advance(player.endsAt - clock.now())
  const endedAt = await ended
  await player.close()
  const messages = said.flatMap(one =>
    'topic' in one
      ? [{ time: clockText(one.at), ...one, content: Content.parse(JSON.parse(one.payload)) }]
      : [],
  )
  const bytes = said.flatMap(one => ('line' in one ? [{ time: clockText(one.at), ...one }] : []))
  const events = messages.filter(({ topic }) => topic.endsWith('/event'))
  return { messages, bytes, events, endedAt, lines: player.lines }
}

describe('a quiet night', () => {
  test('is the same each time, and has no event but movement', async () => {
    const [one, other] = [await played('quiet-night', eightHours), await played('quiet-night', eightHours)]
    expect(one.endedAt).toBe('08:00:00')
    expect(one.messages).toEqual(other.messages)
    expect(one.bytes).toEqual(other.bytes)
    expect(new Set(one.events.map(({ content }) => content.type))).toEqual(new Set(['motion']))
    const samples = one.messages.filter(({ topic }) => topic === 'anling/v1/pad-0001/measure')
    expect(samples).toHaveLength(3 * 360)
    const hearts = samples.flatMap(({ content }) => content.heartRate ?? [])
    expect(hearts.length).toBeGreaterThan(300)
    expect(Math.min(...hearts)).toBeGreaterThan(45)
    expect(Math.max(...hearts)).toBeLessThan(85)
  })
})

describe('the night of an exit', () => {
  const bedOf = (frame: Uint8Array) =>
    Buffer.from(frame)
      .toString('hex')
      .match(/^53598401000(10[01])/)?.[1]

  test('shows the bed left at 02:10 on the radar and never taken again', async () => {
    const { bytes, lines } = await played('night-exit', eightHours / 2)
    const radar = lines.findIndex(({ protocol }) => protocol === 'r60')
    const beds = bytes.filter(({ line, bytes: frame }) => line === radar && bedOf(frame) !== undefined)
    const left = beds.findIndex(
      ({ time, bytes: frame }) => time.startsWith('02:10') && bedOf(frame) === '100',
    )
    expect(left).toBeGreaterThan(0)
    expect(bedOf(beds[left - 1]?.bytes ?? Uint8Array.of())).toBe('101')
    expect(beds.slice(left).map(({ bytes: frame }) => bedOf(frame))).not.toContain('101')
  })

  test('announces what is behind the Zigbee bridge, and a press there at its time', async () => {
    const { messages } = await played('night-exit', eightHours / 2)
    const bridge = messages.filter(({ user }) => user === 'bridge:bridge-0001')
    expect(bridge.slice(0, 3).map(({ topic, retain }) => [topic, retain])).toEqual([
      ['zigbee2mqtt/bridge/state', true],
      ['zigbee2mqtt/bridge/devices', true],
      [expect.stringMatching(/^zigbee2mqtt\/0x00158d00[0-9a-f]{8}\/availability$/), true],
    ])
    expect(bridge.find(({ content }) => content.action === 'emergency')?.time).toBe('02:22:00')
  })

  test('can be entered later: what has happened by then does not happen again', async () => {
    const { messages, endedAt } = await played('night-exit', 5 * 3_600_000)
    expect(endedAt).toBe('06:30:00')
    expect(messages.filter(({ content }) => content.action === 'emergency')).toEqual([])
    expect(messages[0]?.time).toBe('02:30:00')
  })
})

test('in a power cut all that is on mains is gone by its last will, in the same moment, and comes back', async () => {
  const { messages, events } = await played('street-power-cut')
  const gone = messages.filter(({ content }) => content.online === false)
  expect(gone.map(({ time, user }) => [time, user])).toEqual(
    Array.from({ length: 12 }, (_, n) => ['20:15:00', `pad-${String(n + 1).padStart(4, '0')}`]),
  )
  const pad = messages.filter(({ user }) => user === 'pad-0005').map(({ time }) => time)
  expect(pad.filter(time => time > '20:15:00' && time < '21:05:00')).toEqual([])
  expect(pad).toContain('21:05:00')
  expect(messages.filter(({ content }) => content.mains === false)).toHaveLength(12)
  expect(events.map(({ time, user, content }) => [time, user, content.type])).toEqual([
    ['20:31:00', 'button-0007', 'sos'],
  ])
})

test('a sensor gone mad reports a thousand falls under a thousand ids, and an sos is in their midst', async () => {
  const { events } = await played('mad-sensor')
  const falls = events.filter(({ content }) => content.type === 'fall')
  expect(new Set(falls.map(({ content }) => content.id)).size).toBe(1_000)
  const sos = events.findIndex(({ content }) => content.type === 'sos')
  expect(sos).toBeGreaterThan(500)
  expect(sos).toBeLessThan(700)
})

test('a battery runs down as its story says', async () => {
  const { messages } = await played('battery-bleed')
  const charge = (user: string) =>
    messages
      .filter(message => message.user === user && message.topic.endsWith('/status'))
      .flatMap(({ content }) => content.batteryPercent ?? [])
  const door = charge('door-0001')
  expect([door.at(0), door.at(-1)]).toEqual([100, 0])
  expect(door).toEqual(door.toSorted((a, b) => b - a))
  expect(charge('button-0001').filter(percent => percent <= 20).length).toBeGreaterThan(3)
  expect(charge('smoke-0001').filter(percent => percent <= 20)).toEqual([18])
})

test('a fall in the bathroom comes two minutes after the bed was left', async () => {
  const { events, messages } = await played('bathroom-fall')
  const fall = events.find(({ content }) => content.type === 'fall')
  expect([fall?.user, fall?.time]).toEqual(['fall-0001', '05:22:00'])
  const after = messages.filter(
    ({ topic, time }) => topic === 'anling/v1/pad-0001/measure' && time > '05:20:00' && time < '06:30:01',
  )
  expect(after.length).toBeGreaterThan(400)
  expect(after.map(({ content }) => content.inBed)).not.toContain(1)
})
