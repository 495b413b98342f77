/**
 * A small town behind a real gateway, for pages: people of every role, homes with everything that a card can show, buttons
 * that press over MQTT.
 */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { type AlarmView, type ApiClient, importRegistry, listAlarms, logIn } from './api-client.ts'
import { eventually } from './eventually.ts'
import { type GatewayProcess, startGateway } from './gateway-process.ts'
import { connectParty, deviceTopic, type MqttParty, offerTopicOf } from './mqtt-party.ts'

const secret = 'a secret of this town'
export const webPassword = 'lamplight-on-snow-7'

const at = (lat: number, lon: number) => ({ lat, lon, datum: 'WGS84' })

const names = ['王秀英', '李桂兰', '张玉珍', '刘淑芬', '陈志强', '杨德福', '赵凤琴', '黄建国']

/** Homes h-0001 … h-0008, in each one resident r-…, a button btn-…, and a bed radar radar-…; two points, two responders. */
export const webRegistry = {
  areas: [
    { id: 'anshan', name: '鞍山市', level: 'city' },
    { id: 'tiedong', name: '铁东区', level: 'county', parent: 'anshan' },
  ],
  servicePoints: [1, 2].map(n => ({
    id: `sp-00${n}`,
    name: `第${n}社区服务站`,
    area: 'tiedong',
    position: at(41.1 + n * 0.01, 122.99),
    phone: '0412-5550001',
    secret,
  })),
  responders: [
    { id: 'rs-01', name: '赵强', point: 'sp-001', role: 'carer', phone: '13811112222', user: 'responder' },
    { id: 'rs-02', name: '孙丽', point: 'sp-002', role: 'volunteer', phone: '13811113333' },
  ],
  homes: names.map((_, index) => ({
    id: `h-000${index + 1}`,
    address: `胜利路 ${index + 1} 号 3 单元 502`,
    area: 'tiedong',
    position: at(41.105 + index * 0.001, 122.991),
    doorNote: '三单元，五楼左手；钥匙在门卫',
  })),
  residents: names.map((name, index) => ({
    id: `r-000${index + 1}`,
    home: `h-000${index + 1}`,
    name,
    birthYear: 1938 + index,
    phone: `1380000000${index}`,
    abilityLevel: index % 5,
    agreement: ['120', '119'],
    contacts: [
      { name: '王磊', relation: 'son', phone: '13900000001', order: 1 },
      { name: '刘芳', relation: 'neighbour', phone: '13900000002', order: 2 },
    ],
  })),
  devices: names.flatMap((_, index) => {
    const place = { home: `h-000${index + 1}`, resident: `r-000${index + 1}`, secret }
    return [
      { id: `btn-000${index + 1}`, model: 'native/call-button', room: '卧室', ...place },
      { id: `radar-000${index + 1}`, model: 'native/bed-radar', room: '卧室', ...place },
    ]
  }),
}

/** User names are the roles; all have `webPassword`. */
const people = [
  { username: 'operator', name: '周敏', role: 'operator' },
  { username: 'colleague', name: '吴涛', role: 'operator' },
  { username: 'leader', name: '郑华', role: 'shift-leader' },
  { username: 'responder', name: '赵强', role: 'responder', scopes: [{ point: 'sp-001' }] },
  { username: 'lead', name: '冯站长', role: 'point-lead', scopes: [{ point: 'sp-001' }] },
  { username: 'technician', name: '钱工', role: 'technician' },
  { username: 'supervisor', name: '民政处', role: 'supervisor' },
  { username: 'assessor', name: '评估方', role: 'assessor' },
  { username: 'family', name: '王磊', role: 'family', scopes: [{ resident: 'r-0001' }] },
]

export type WebTown = {
  readonly gateway: GatewayProcess
  readonly admin: ApiClient
  /** Resolves when the press is acknowledged: on disk. */
  press(device: string, type?: string): Promise<void>
  publish(device: string, topic: string, message: object): Promise<void>
  /** The open alarm of this home, once there is one. */
  alarmOf(home: string): Promise<AlarmView>
  /** Ends the gateway without a word, or in order, and starts it anew on the same data and ports. */
  restart(how: 'kill' | 'stop'): Promise<void>
  stop(): Promise<void>
}

type Options = {
  readonly env?: Readonly<Record<string, string>>
  readonly settings?: object
  /** In place of `webRegistry`. */
  readonly registry?: Readonly<Record<string, readonly unknown[]>>
  /** The terminals of both points are connected, and answer nothing. */
  readonly hasTerminals?: boolean
}

export const startWebTown = async ({
  env,
  settings,
  registry,
  hasTerminals = true,
}: Options = {}): Promise<WebTown> => {
  const directory = await mkdtemp(join(tmpdir(), 'anling-web-'))
  const parties = new Map<string, MqttParty>()
  const start = (more: Readonly<Record<string, string>> = {}) =>
    startGateway({ directory, env: { ...env, ...more }, ...(settings && { settings }) })
  let gateway = await start()
  const admin = await logIn(gateway.httpUrl)
  await importRegistry(admin, registry ?? webRegistry)
  for (const person of people) {
    const { status, body } = await admin.post('/api/users', { ...person, password: webPassword })
    if (status >= 300) throw new Error(`${person.username}: ${JSON.stringify(body)}`)
  }

  const party = async (username: string, topics?: readonly string[]): Promise<MqttParty> => {
    const known = parties.get(username)
    if (known) return known
    const made = await connectParty(gateway.mqttUrl, { username, password: secret }, topics)
    parties.set(username, made)
    return made
  }
  const connectTerminals = async () => {
    if (!hasTerminals) return
    for (const point of ['sp-001', 'sp-002']) await party(`point:${point}`, [offerTopicOf(point)])
  }
  const publish = async (device: string, topic: string, message: object) =>
    (await party(device)).publish(deviceTopic(device, topic), message)
  const endParties = async () => {
    await Promise.all([...parties.values()].map(one => one.end()))
    parties.clear()
  }
  await connectTerminals()

  return {
    get gateway() {
      return gateway
    },
    admin,
    publish,
    press: (device, type = 'sos') => publish(device, 'event', { id: randomUUID(), type }),
    alarmOf: home =>
      eventually(`an alarm of ${home}`, async () =>
        (await listAlarms(admin, 'state=open')).find(alarm => alarm.home?.id === home),
      ),
    async restart(how) {
      const { httpUrl, mqttUrl } = gateway
      await endParties()
      await gateway[how]()
      gateway = await start({
        ANLING_HTTP_PORT: new URL(httpUrl).port,
        ANLING_MQTT_PORT: new URL(mqttUrl).port,
      })
      await connectTerminals()
    },
    async stop() {
      await endParties()
      await gateway.stop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

const Named = z.looseObject({ id: z.string() })

/** The id in an answer that made something. */
export const idIn = (body: unknown): string => Named.parse(body).id
