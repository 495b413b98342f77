/** What lines really carry: noise, halves, wrong sums, lengths that lie, another speed; and sound frames between them. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readMetric } from '../../support/api-client.ts'
import { eventually } from '../../support/eventually.ts'
import { lineDevices } from '../../support/line-devices.ts'
import { createPseudoTerminals, type FarEnd } from '../../support/pseudo-terminal.ts'
import { type Random, seededRandom } from '../../support/seeded-random.ts'
import {
  espa,
  nativeFeedback,
  nativeFrame,
  nativeSos,
  r60Fall,
  r60FallQuery,
  r60Frame,
  stage,
} from '../../support/sensor-frames.ts'
import { type SensorTown, withSensorTownIn } from '../../support/sensor-town.ts'
import { alarmsAt, theAlarm } from '../../support/sensor-views.ts'
import { openSerialServer, type SerialServer } from '../../support/serial-server.ts'
import { withTemporaryDirectory } from '../../support/temporary-directory.ts'

const rounds = 25
/** A device waits this long for its answer, then says it again [native serial: 500 ms at first]. */
const answerMs = 500
const tries = 6

const lines = ['pads', 'radar', 'panel'] as const

const randomBytes = (random: Random, most: number): Buffer =>
  Buffer.from(Array.from({ length: random.integer(1, most) }, () => random.integer(0, 255)))

/** As a receiver at twice the speed would read it: each bit is heard twice. */
const atHalfSpeed = (bytes: Uint8Array): Buffer => {
  const bits = Array.from(bytes, byte => byte.toString(2).padStart(8, '0').replace(/./g, '$&$&')).join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map(octet => Number.parseInt(octet, 2)))
}

const anybody = { device: 7, boot: 9, sequence: 9 }
const soundFrame = {
  pads: nativeSos(anybody),
  radar: r60Fall(true),
  panel: espa.call('0815', 'Zimmer 1'),
} as const

/** Whole messages that are wrong in one respect. */
const wrong = {
  pads: [
    nativeFrame(anybody, 0x01, [0x01], 0x1234),
    nativeFrame(anybody, 0x01, [0x01, 0x01, 0x01]),
    nativeFrame(anybody, 0x77, [0x01]),
    nativeFrame(anybody, 0x02, [1, 60, 14, 200, 90]),
    // The first byte promises more than comes.
    Buffer.from([0xf0, 0x01, 0x02, 0x00]),
    Buffer.concat([Buffer.alloc(400, 0x55), Buffer.from([0])]),
  ],
  radar: [
    Buffer.from('535983010001010054 43'.replaceAll(' ', ''), 'hex'),
    Buffer.from('53598301ffff', 'hex'),
    Buffer.from('5359830100010132aabb', 'hex'),
    r60Frame(0x85, 0x02, [200]),
    r60Frame(0x83, 0x01, [1, 1, 1]),
  ],
  panel: [
    Buffer.concat([
      espa.select,
      espa.call('0815', 'Zimmer 1').subarray(0, -1),
      Buffer.from([0xff]),
      espa.end,
    ]),
    Buffer.concat([espa.select, Buffer.from([0x01, 0x31, 0x02]), Buffer.alloc(600, 0x41), espa.end]),
  ],
} as const

const nuisance = (line: (typeof lines)[number], random: Random): Buffer => {
  const sound = soundFrame[line]
  switch (random.integer(0, 3)) {
    case 0:
      return randomBytes(random, 200)
    case 1:
      // Without its sum: noise must not make it whole.
      return sound.subarray(0, random.integer(1, sound.length - 4))
    case 2:
      return atHalfSpeed(sound)
    default:
      return random.pick(wrong[line]) ?? sound
  }
}

/** Says it again until the answer comes, as devices do. */
const until = async (what: string, speak: () => void, isAnswered: () => boolean): Promise<void> => {
  for (let n = 0; n < tries; n += 1) {
    speak()
    const answered = eventually(what, () => (isAnswered() ? true : undefined), answerMs)
    if (await answered.catch(() => false)) return
  }
  throw new Error(`said ${tries} times: ${what}`)
}

const noisyPads = async (device: FarEnd, random: Random): Promise<void> => {
  for (let sequence = 1; sequence <= rounds; sequence += 1) {
    const event = { device: 7, boot: 3, sequence }
    for (let n = 0; n < 3; n += 1) device.say(nuisance('pads', random))
    await until(
      `event ${sequence} accepted`,
      () => device.say(nativeSos(event)),
      () => device.heard().includes(nativeFeedback(event, stage.accepted)),
    )
  }
}

const noisyPanel = async (panel: SerialServer, random: Random): Promise<void> => {
  const expectAck = (what: string, bytes: Buffer) =>
    until(
      what,
      () => {
        panel.heard()
        panel.say(bytes)
      },
      () => panel.heard().includes(espa.ack),
    )
  for (let n = 1; n <= rounds; n += 1) {
    panel.say(nuisance('panel', random))
    panel.say(espa.end)
    await expectAck(`selection ${n}`, espa.select)
    await expectAck(`call ${n}`, espa.call('0815', `Zimmer ${n}`))
    panel.say(espa.end)
  }
}

const countOf = async ({ api }: SensorTown, home: string, kind: string): Promise<number> =>
  (await alarmsAt(api, home))
    .filter(alarm => alarm.kind === kind)
    .reduce((sum, { repeats }) => sum + 1 + repeats, 0)

/** The gateway asks for the state; here the radar shows another one, time and again, in the midst of noise. */
const noisyRadar = async (
  town: SensorTown,
  { radar, show }: { radar: SerialServer; show: (hasFallen: boolean) => void },
  random: Random,
): Promise<void> => {
  for (let n = 1; n <= 5; n += 1) {
    for (let k = 0; k < 5; k += 1) radar.say(nuisance('radar', random))
    show(true)
    await eventually(`fall ${n}`, async () => ((await countOf(town, 'h-2', 'fall')) >= n ? true : undefined))
    show(false)
    await eventually(`no fall ${n}`, async () => {
      const { timeline } = await theAlarm(town.api, 'h-2', 'fall')
      return timeline.filter(entry => entry['type'] === 'cleared').length >= n ? true : undefined
    })
  }
}

const reasons = {
  pads: ['bad-checksum', 'bad-length', 'bad-framing', 'unknown-type', 'out-of-range'],
  radar: ['noise', 'bad-checksum', 'bad-length', 'bad-framing', 'out-of-range'],
  panel: ['bad-checksum', 'bad-length'],
} as const

test('noise of every sort on every line: each sound event arrives, and what was discarded is counted', () =>
  withTemporaryDirectory(async directory => {
    const cable = createPseudoTerminals(directory)
    await cable.plugIn()
    let hasFallen = false
    const radar = await openSerialServer((bytes, say) => {
      if (bytes.includes(r60FallQuery)) say(r60Fall(hasFallen))
    })
    const panel = await openSerialServer()
    const serial = {
      lines: [
        { id: 'pads', path: join(directory, 'near'), protocol: 'native' },
        { id: 'radar', path: radar.path, protocol: 'r60', pollMs: 100 },
        { id: 'panel', path: panel.path, protocol: 'espa444' },
      ],
    }
    const setup = { homes: 3, devices: lineDevices, settings: { serial } }
    try {
      await withSensorTownIn(directory, setup, async town => {
        await Promise.all([radar.connected(), panel.connected()])
        const show = (fallen: boolean) => void (hasFallen = fallen)
        const device = cable.openFar()
        for (const bytes of wrong.pads) device.say(bytes)
        for (const bytes of wrong.radar) radar.say(bytes)
        for (const bytes of wrong.panel) panel.say(bytes)
        await Promise.all([
          noisyPads(device, seededRandom(1)),
          noisyPanel(panel, seededRandom(2)),
          noisyRadar(town, { radar, show }, seededRandom(3)),
        ])
        const calls = await theAlarm(town.api, 'h-1', 'sos')
        const ids = calls.timeline.flatMap(({ eventId }) => eventId ?? [])
        // Nothing else has rung, however much it looked like a call.
        expect(ids).toEqual(Array.from({ length: rounds }, (_, n) => `3-${n + 1}`))
        expect(await countOf(town, 'h-3', 'sos')).toBeGreaterThanOrEqual(rounds)
        for (const line of lines) {
          for (const reason of reasons[line]) {
            const labels = { line, reason }
            const bytes = await readMetric(
              town.gateway.httpUrl,
              'anling_serial_discarded_bytes_total',
              labels,
            )
            expect(bytes, `${line} ${reason}`).toBeGreaterThan(0)
          }
        }
        expect(await town.gateway.stop()).toEqual({ code: 0, signal: null })
      })
    } finally {
      for (const server of [radar, panel]) server.close()
      cable.unplug()
    }
  }))
