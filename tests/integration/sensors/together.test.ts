/** Every way in at once, on one gateway: each raises its alarm, and each gets the answer that its protocol knows. */
import { join } from 'node:path'
import { generate } from 'mqtt-packet'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { readAlarm } from '../../support/api-client.ts'
import { eventually } from '../../support/eventually.ts'
import { lineDevices } from '../../support/line-devices.ts'
import type { MqttClient } from '../../support/mqtt-load.ts'
import { createPseudoTerminals, type FarEnd } from '../../support/pseudo-terminal.ts'
import { espa, nativeFeedback, nativeSos, r60Fall, stage } from '../../support/sensor-frames.ts'
import { type SensorTown, say, withSensorTownIn } from '../../support/sensor-town.ts'
import { alarmsAt, readStrangers, story, theAlarm } from '../../support/sensor-views.ts'
import { openSerialServer, type SerialServer } from '../../support/serial-server.ts'
import { withTemporaryDirectory } from '../../support/temporary-directory.ts'

const button = '0x00158d0001abcdef'
const siteHome = 'h-6'
const devices = [
  ...lineDevices,
  { id: 'zigbee-1', model: 'zigbee2mqtt/sos', home: 'h-4', transport: { zigbee2mqtt: { name: button } } },
  { id: 'fall-1', model: 'native/fall-detector', home: 'h-5' },
  { id: 'bridge-1', model: 'bridge/zigbee2mqtt', home: siteHome },
]

type House = { town: SensorTown; pads: FarEnd; radar: SerialServer; panel: SerialServer }

/** A suspicion waits this long for an answer here. */
const verificationMs = 1_500

const withEverything = (work: (house: House) => Promise<void>): Promise<void> =>
  withTemporaryDirectory(async directory => {
    const cable = createPseudoTerminals(directory)
    await cable.plugIn()
    const [radar, panel] = await Promise.all([openSerialServer(), openSerialServer()])
    const lines = [
      { id: 'pads', path: join(directory, 'near'), protocol: 'native' },
      { id: 'radar', path: radar.path, protocol: 'r60' },
      { id: 'panel', path: panel.path, protocol: 'espa444' },
    ]
    const settings = { serial: { lines }, site: { home: siteHome }, alarm: { verificationMs } }
    try {
      await withSensorTownIn(directory, { homes: 6, devices, settings }, async town => {
        await Promise.all([radar.connected(), panel.connected()])
        await work({ town, pads: cable.openFar(), radar, panel })
      })
    } finally {
      for (const server of [radar, panel]) server.close()
      cable.unplug()
    }
  })

const offered = ({ terminal }: SensorTown, home: string, kind: string) =>
  eventually(`an offer of ${kind} at ${home}`, () =>
    terminal.offers.find(offer => offer.home.id === home && offer.kind === kind),
  )

const heard = (line: Pick<FarEnd, 'heard'>, bytes: Buffer, what: string) =>
  eventually(what, () => (line.heard().includes(bytes) ? true : undefined))

const nativeLine = async ({ town, pads }: House): Promise<void> => {
  const event = { device: 7, boot: 3, sequence: 1 }
  pads.say(nativeSos(event))
  await heard(pads, nativeFeedback(event, stage.accepted), 'accepted')
  // It is on disk by then: whoever asks sees it.
  expect(await alarmsAt(town.api, 'h-1')).toMatchObject([{ kind: 'sos', device: { id: 'receiver-7' } }])
  const offer = await offered(town, 'h-1', 'sos')
  expect(pads.heard().includes(nativeFeedback(event, stage.acknowledged))).toBe(false)
  town.terminal.reply(offer, 'acknowledge')
  await heard(pads, nativeFeedback(event, stage.acknowledged), 'acknowledged')
}

const unknownNumber = async ({ pads }: House): Promise<void> => {
  const event = { device: 99, boot: 1, sequence: 5 }
  pads.say(nativeSos(event))
  await heard(pads, nativeFeedback(event, stage.accepted), 'accepted, though nobody knows it')
}

const radarFall = async ({ town, radar }: House): Promise<void> => {
  radar.say(r60Fall(true))
  const suspected = await theAlarm(town.api, 'h-2', 'fall')
  expect(suspected.state).toBe('suspected')
  await offered(town, 'h-2', 'fall')
  expect(story(await readAlarm(town.api, suspected.id))).toEqual([
    'raised',
    'suspected',
    'confirmed',
    'offered',
  ])
}

const panelCall = async ({ town, panel }: House, address: string, home: string): Promise<void> => {
  panel.heard()
  panel.say(espa.select)
  await heard(panel, espa.ack, 'ACK of the selection')
  panel.say(espa.call(address, 'Zimmer 12'))
  await heard(panel, espa.ack, 'ACK of the call')
  panel.say(espa.end)
  await offered(town, home, 'sos')
}

const publishState = (bridge: MqttClient, topic: string, payload: unknown, retain: boolean): void => {
  const packet = { cmd: 'publish', qos: 0, dup: false, retain, topic } as const
  bridge.socket.write(generate({ ...packet, payload: JSON.stringify(payload) }))
}

const zigbeePress = async ({ town }: House): Promise<void> => {
  const bridge = await town.connect('bridge-1')
  const topic = `zigbee2mqtt/${button}`
  const pressed = { action: 'emergency', battery: 90, linkquality: 120 }
  publishState(bridge, topic, pressed, false)
  await offered(town, 'h-4', 'sos')
  bridge.end()
  await bridge.closed
  // The bridge has been restarted, and is again: each time it tells once what it remembers.
  const again = await town.connect('bridge-1')
  for (const retain of [true, false]) {
    publishState(again, 'zigbee2mqtt/bridge/state', { state: 'online' }, true)
    publishState(again, topic, pressed, retain)
  }
  // What comes after the echoes shows that they have been read.
  publishState(again, topic, { ...pressed, linkquality: 121 }, false)
  const alarm = await eventually('the second press', async () => {
    const found = await theAlarm(town.api, 'h-4', 'sos')
    return found.repeats > 0 ? found : undefined
  })
  expect(alarm.repeats).toBe(1)
}

const mqttFall = async ({ town }: House): Promise<void> => {
  const detector = await town.connect('fall-1')
  expect(await say(detector, 'event', { id: 'f-1', type: 'fall' })).toBe(true)
  expect(await theAlarm(town.api, 'h-5', 'fall')).toMatchObject({ state: 'suspected' })
  await offered(town, 'h-5', 'fall')
}

const Marked = z.object({
  occurrence: z.object({
    data: z.object({ unknownAddress: z.boolean(), line: z.string(), address: z.string() }),
  }),
})

const expectStrangers = async ({ town }: House): Promise<void> => {
  const unknown = await alarmsAt(town.api, siteHome)
  const details = await Promise.all(unknown.map(({ id }) => readAlarm(town.api, id)))
  const marks = details.map(({ timeline: [raised] }) => Marked.parse(raised).occurrence.data)
  expect(marks).toHaveLength(2)
  expect(marks).toEqual(
    expect.arrayContaining([
      { unknownAddress: true, line: 'pads', address: '99' },
      { unknownAddress: true, line: 'panel', address: '0999' },
    ]),
  )
  expect(await readStrangers(town.api)).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ source: 'serial', line: 'pads', address: '99' }),
      expect.objectContaining({ source: 'espa444', line: 'panel', address: '0999' }),
    ]),
  )
}

test('serial lines, a nurse-call panel, a Zigbee bridge and MQTT at once: each rings, each is answered', () =>
  withEverything(async house => {
    await Promise.all([
      nativeLine(house).then(() => unknownNumber(house)),
      radarFall(house),
      panelCall(house, '0815', 'h-3').then(() => panelCall(house, '0999', siteHome)),
      zigbeePress(house),
      mqttFall(house),
    ])
    await expectStrangers(house)
    // Each has rung at its own home, once.
    for (const home of ['h-1', 'h-2', 'h-3', 'h-4', 'h-5'])
      expect(await alarmsAt(house.town.api, home)).toHaveLength(1)
    expect(await house.town.gateway.stop()).toEqual({ code: 0, signal: null })
  }))
