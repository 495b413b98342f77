/** The whole gateway with certificates: what a device, a browser and an operator of it see. */
import { mkdtemp, rename, rm } from 'node:fs/promises'
import { get } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { connectAsync, type IClientOptions } from 'mqtt'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { importRegistry, listAlarms, logIn, readMetric } from '../../support/api-client.ts'
import { eventually } from '../../support/eventually.ts'
import { type GatewayProcess, startGateway } from '../../support/gateway-process.ts'
import { layOutTown } from '../../support/load-town.ts'
import { type Authority, createAuthority, type Pair, readPair } from './certificates.ts'
import { closed } from './support.ts'

const Line = z.looseObject({ msg: z.string(), mqttsUrl: z.string().optional() })

const device = 'btn-00000'
const press = (id: string) => JSON.stringify({ id, type: 'sos' })
const eventTopic = `anling/v1/${device}/event`

const start = async (settings: object): Promise<GatewayProcess> => {
  const directory = await mkdtemp(join(tmpdir(), 'anling-tls-gateway-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  const gateway = await startGateway({ directory, settings })
  onTestFinished(async () => void (await gateway.stop()))
  return gateway
}

const logged = ({ logLines }: GatewayProcess) => logLines.map(line => Line.parse(JSON.parse(line)))

const secureUrl = (gateway: GatewayProcess): string =>
  logged(gateway).find(({ msg }) => msg === 'ready')?.mqttsUrl ?? 'none'

const mqttTls = (authority: Authority, server: Pair) => ({
  tls: { port: 0, ...server, caFile: authority.certFile, clientCertificates: 'optional' },
})

const connect = async (url: string, options: IClientOptions) => {
  const client = await connectAsync(url, { reconnectPeriod: 0, ...options })
  onTestFinished(() => client.endAsync(true))
  return client
}

test('a press comes in over TLS by a certificate, by a secret, and in clear on the loopback only', async () => {
  const authority = await createAuthority()
  const mqtt = { host: '0.0.0.0', ...mqttTls(authority, await authority.issue('server')) }
  const gateway = await start({ mqtt })
  const api = await logIn(gateway.httpUrl)
  const town = layOutTown(1, 1)
  await importRegistry(api, town.document)
  expect(gateway.mqttUrl).toMatch(/^mqtt:\/\/127\.0\.0\.1:/)
  expect(secureUrl(gateway)).toMatch(/^mqtts:\/\/0\.0\.0\.0:/)

  const url = secureUrl(gateway).replace('0.0.0.0', '127.0.0.1')
  const ca = (await readPair(authority)).cert
  const login = { username: device, password: town.homes[0]?.secret ?? '' }
  const ways = [
    await connect(url, { ca, ...(await readPair(await authority.issue(device))) }),
    await connect(url, { ca, ...login }),
    await connect(gateway.mqttUrl, login),
  ]
  for (const [index, way] of ways.entries())
    await way.publishAsync(eventTopic, press(`p-${index}`), { qos: 1 })
  const [alarm] = await listAlarms(api, 'state=open')
  expect(alarm).toMatchObject({ device: { id: device }, repeats: 2 })

  const stranger = await authority.issue('btn-unknown')
  await expect(connect(url, { ca, ...(await readPair(stranger)) })).rejects.toThrow()
  expect(
    await readMetric(gateway.httpUrl, 'anling_broker_refusals_total', { reason: 'not-authenticated' }),
  ).toBe(1)
})

test('one who is suspended is let in by no certificate, and one who is there is thrown out', async () => {
  const authority = await createAuthority()
  const gateway = await start({ mqtt: mqttTls(authority, await authority.issue('server')) })
  const api = await logIn(gateway.httpUrl)
  await importRegistry(api, layOutTown(1, 1).document)
  const certificate = {
    ca: (await readPair(authority)).cert,
    ...(await readPair(await authority.issue(device))),
  }
  const stolen = await connect(secureUrl(gateway), certificate)
  await stolen.publishAsync(eventTopic, press('p-1'), { qos: 1 })
  const ended = closed(stolen)
  expect((await api.post(`/api/devices/${device}/suspend`, { reason: 'stolen' })).status).toBe(200)
  await ended
  await expect(connect(secureUrl(gateway), certificate)).rejects.toThrow()
})

test('new certificates are served on SIGHUP, over MQTT and HTTPS, and who is connected stays so', async () => {
  const authority = await createAuthority()
  const server = await authority.issue('server')
  const gateway = await start({ mqtt: mqttTls(authority, server), http: { tls: server } })
  expect(gateway.httpUrl).toMatch(/^https:/)
  const ca = (await readPair(authority)).cert
  const statusOf = (path: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      const request = get(`${gateway.httpUrl}${path}`, { ca, agent: false }, answer => {
        answer.resume()
        resolve(answer.statusCode)
      })
      request.on('error', reject)
    })
  expect(await statusOf('/healthz')).toBe(200)

  const serialAt = (address: string) =>
    new Promise<string>((resolve, reject) => {
      const { port } = new URL(address)
      const socket = connectTls({ host: '127.0.0.1', port: Number(port), ca }, () => {
        resolve(socket.getPeerCertificate().serialNumber)
        socket.destroy()
      })
      socket.once('error', reject)
    })
  const before = await serialAt(gateway.httpUrl)
  expect(await serialAt(secureUrl(gateway))).toBe(before)
  const next = await authority.issue('server')
  await rename(next.keyFile, server.keyFile)
  await rename(next.certFile, server.certFile)
  process.kill(gateway.pid, 'SIGHUP')
  await eventually('a new certificate', async () =>
    (await serialAt(gateway.httpUrl)) === before ? undefined : true,
  )
  expect(await serialAt(secureUrl(gateway))).toBe(await serialAt(gateway.httpUrl))
  expect(await statusOf('/healthz')).toBe(200)
})

test('a key that does not fit its certificate keeps the gateway from starting, by name', async () => {
  const authority = await createAuthority()
  const [server, other] = [await authority.issue('server'), await authority.issue('other')]
  const tls = { ...server, keyFile: other.keyFile }
  await expect(start({ mqtt: mqttTls(authority, tls) })).rejects.toThrow(
    `${other.keyFile}: is not the key of`,
  )
})

test('MQTT in clear on the network is said loudly', async () => {
  const gateway = await start({ mqtt: { host: '0.0.0.0', allowPlain: true } })
  expect(logged(gateway).map(({ msg }) => msg)).toContainEqual(
    expect.stringContaining('IN CLEAR ON THE NETWORK'),
  )
  expect(secureUrl(gateway)).toBe('none')
})
