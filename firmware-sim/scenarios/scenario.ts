/** A story as data: who lives where with which devices, and what happens when. Everything else follows from the seed. */
import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import { z } from 'zod'
import { parseTimeOfDay } from '../local-time.ts'

const mqtt = { transport: 'mqtt' } as const

/** How each kind of device stands in the registry, and how it is connected. */
export const deviceKinds = {
  'call-button': { ...mqtt, model: 'native/call-button', room: '卧室' },
  'bed-pad': { ...mqtt, model: 'native/bed-pad', room: '卧室' },
  'fall-detector': { ...mqtt, model: 'native/fall-detector', room: '卫生间' },
  smoke: { ...mqtt, model: 'native/smoke', room: '厨房' },
  gas: { ...mqtt, model: 'native/gas', room: '厨房' },
  door: { ...mqtt, model: 'native/door', room: '门厅' },
  motion: { ...mqtt, model: 'native/motion', room: '卫生间' },
  'serial-pad': { transport: 'native', model: 'native/bed-pad', room: '卧室' },
  radar: { transport: 'r60', model: 'r60/abd1', room: '卧室' },
  panel: { transport: 'espa444', model: 'espa444/panel-call', room: '卧室' },
  'zigbee-button': { transport: 'zigbee2mqtt', model: 'zigbee2mqtt/sos', room: '卧室' },
  bridge: { transport: 'bridge', model: 'bridge/zigbee2mqtt', room: '门厅' },
} as const
export type DeviceKind = keyof typeof deviceKinds

const kinds: readonly string[] = Object.keys(deviceKinds)
const isKind = (name: unknown): name is DeviceKind => typeof name === 'string' && kinds.includes(name)

export const isSerial = (kind: DeviceKind): boolean =>
  ['native', 'r60', 'espa444'].includes(deviceKinds[kind].transport)

const timeOfDay = z.string().transform((text, context) => {
  const time = parseTimeOfDay(text)
  if (time !== undefined) return time
  context.addIssue({ code: 'custom', message: `须为 must be "HH:MM" or "HH:MM:SS" in quotes, not "${text}"` })
  return z.NEVER
})

const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/, '须为小写字母、数字与连字符 must be lower-case letters, digits and -')

const Device = z.strictObject({
  id: name,
  kind: z.custom<DeviceKind>(isKind, `须为 must be one of ${kinds.join(' ')}`),
  /** In this home; else in every one. */
  home: z.int().min(1).optional(),
  line: name.optional(),
  battery: z
    .strictObject({ percent: z.number().min(0).max(100), perHour: z.number().min(0).max(100) })
    .optional(),
})

const Happening = z
  .strictObject({
    at: timeOfDay,
    /** `pad` is every pad, `pad-0003` the one in the third home. */
    who: z.string(),
    event: z.string().min(1).max(64).optional(),
    data: z.record(z.string(), z.unknown()).optional(),
    times: z.int().min(1).max(10_000).default(1),
    everySeconds: z.number().min(0.001).max(86_400).default(1),
    status: z
      .strictObject({
        mains: z.boolean().exactOptional(),
        tamper: z.boolean().exactOptional(),
        batteryPercent: z.number().min(0).max(100).exactOptional(),
      })
      .optional(),
    power: z.boolean().optional(),
  })
  .refine(
    ({ event, status, power }) => [event, status, power].filter(does => does !== undefined).length === 1,
    '须恰有其一 must have exactly one of event, status, power',
  )

const Scenario = z
  .strictObject({
    title: z.string().min(1).max(200),
    seed: z.string().min(1).max(64),
    start: timeOfDay,
    hours: z.number().positive().max(72),
    homes: z.int().min(1).max(500).default(1),
    devices: z.array(Device).min(1).max(50),
    /** Nights out of bed; without `minutes` nobody returns. Whoever is not named sleeps as the seed would have it. */
    leaves: z
      .array(
        z.strictObject({
          home: z.int().min(1),
          at: timeOfDay,
          minutes: z.number().positive().optional(),
        }),
      )
      .default([]),
    happenings: z.array(Happening).max(1_000).default([]),
  })
  .superRefine(({ homes, devices, leaves, happenings }, context) => {
    const wrong = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message })
    const ids = devices.map(({ id }) => id)
    const bridges = devices.filter(({ kind }) => kind === 'bridge').length
    devices.forEach(({ id, kind, home = 1, line }, index) => {
      const path = ['devices', index]
      if (ids.indexOf(id) !== index) wrong([...path, 'id'], `重复 "${id}" is there twice`)
      if (home > homes) wrong([...path, 'home'], `只有 ${homes} 户 there are only ${homes} homes`)
      if (isSerial(kind) !== (line !== undefined))
        wrong(
          [...path, 'line'],
          isSerial(kind) ? '必填 a serial device needs a line' : '多余 is not on a serial line',
        )
      if (kind === 'zigbee-button' && bridges === 0) wrong(path, '缺少网桥 needs a device of kind bridge')
    })
    if (bridges > 1) wrong(['devices'], '只能有一个网桥 there can be only one bridge')
    leaves.forEach(({ home }, index) => {
      if (home > homes) wrong(['leaves', index, 'home'], `只有 ${homes} 户 there are only ${homes} homes`)
    })
    happenings.forEach(({ who }, index) => {
      if (![...idsOf(devices, homes).keys(), ...ids].includes(who))
        wrong(['happenings', index, 'who'], `没有此设备 there is no device "${who}"`)
    })
  })
export type Scenario = z.output<typeof Scenario>
export type ScenarioDevice = Scenario['devices'][number]
export type ScenarioHappening = Scenario['happenings'][number]

/** Each single device by its id: the name in the file and the number of its home. */
const idsOf = (devices: readonly z.output<typeof Device>[], homes: number) =>
  new Map(
    devices.flatMap(device =>
      Array.from({ length: homes }, (_, index) => index + 1)
        .filter(home => (device.kind === 'bridge' ? home === 1 : (device.home ?? home) === home))
        .map(home => [`${device.id}-${String(home).padStart(4, '0')}`, { device, home }] as const),
    ),
  )

export const devicesIn = ({ devices, homes }: Scenario) => idsOf(devices, homes)

/** Throws TypeError with every mistake and its place. */
export const parseScenario = (text: string, origin: string): Scenario => {
  const read = Scenario.safeParse(parse(text))
  if (read.success) return read.data
  throw new TypeError(`${origin}:\n${z.prettifyError(read.error)}`)
}

export const scenarioNames = [
  'quiet-night',
  'night-exit',
  'bathroom-fall',
  'battery-bleed',
  'street-power-cut',
  'mad-sensor',
] as const

/** One of those that come with the simulator, or a file. */
export const loadScenario = async (nameOrFile: string): Promise<Scenario> => {
  const own = scenarioNames.some(known => known === nameOrFile)
  const place = own ? new URL(`${nameOrFile}.yaml`, import.meta.url) : nameOrFile
  return parseScenario(await readFile(place, 'utf8'), nameOrFile)
}
