import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createZigbeeEncoder } from '../../../../firmware-sim/wire/zigbee2mqtt.ts'

const State = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
const Reach = z.strictObject({ state: z.enum(['online', 'offline']) })

const { vectors } = z
  .object({
    vectors: z.array(
      z.object({
        name: z.string(),
        steps: z.array(z.object({ topic: z.string(), payload: z.unknown().optional() })),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(new URL('../../../vectors/zigbee2mqtt.json', import.meta.url), 'utf8')))

const base = 'zigbee2mqtt'
const encoder = createZigbeeEncoder(base)
const steps = vectors.flatMap(({ name, steps: all }) =>
  all.map((step, index) => ({ name: `${name}, message ${index + 1}`, ...step })),
)

/** The same message by the encoder; undefined for what no bridge writes. */
const written = ({ topic, payload }: (typeof steps)[number]) => {
  if (!topic.startsWith(`${base}/`)) return undefined
  const name = topic.slice(base.length + 1)
  const reach = Reach.safeParse(payload).data?.state
  if (name === 'bridge/state') return reach && encoder.bridgeState(reach)
  if (name.endsWith('/availability'))
    return reach && encoder.availability(name.slice(0, -'/availability'.length), reach)
  const state = State.safeParse(payload)
  return name.startsWith('bridge/') || !state.success ? undefined : encoder.state(name, state.data)
}
const sound = steps.flatMap(step => {
  const message = written(step)
  return message ? [{ ...step, message }] : []
})

describe('a bridge', () => {
  test('has vectors of states, of availability and of itself', () => {
    const topics = sound.map(({ topic }) => topic)
    expect(topics.filter(topic => topic.endsWith('/availability')).length).toBeGreaterThan(1)
    expect(topics).toContain('zigbee2mqtt/bridge/state')
    expect(topics.length).toBeGreaterThan(30)
  })

  test.each(sound)('writes $name', ({ topic, payload, message }) => {
    expect(message.topic).toBe(topic)
    expect(JSON.parse(message.payload)).toEqual(payload)
  })

  test('lists its devices as the vectors do', () => {
    const Device = z.looseObject({
      ieee_address: z.string(),
      friendly_name: z.string(),
      type: z.literal('EndDevice'),
      definition: z.looseObject({ model: z.string(), vendor: z.string(), exposes: z.array(z.unknown()) }),
    })
    const { payload } =
      steps.find(({ topic, payload: list }) => topic.endsWith('/bridge/devices') && Array.isArray(list)) ?? {}
    const [sample] = z
      .array(z.unknown())
      .parse(payload)
      .filter(one => Device.safeParse(one).success)
    const { ieee_address: ieee, friendly_name: name, definition } = Device.parse(sample)
    const list = encoder.devices([{ ieee, name, model: 'sos-button' }])
    expect(list).toMatchObject({ topic: 'zigbee2mqtt/bridge/devices', retain: true })
    const [device] = z.array(Device).parse(JSON.parse(list.payload))
    expect(device).toMatchObject({ ieee_address: ieee, friendly_name: name })
    expect(device?.definition.model).toBe(definition.model)
  })
})
