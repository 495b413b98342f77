/** What stands in the way of a start or of a certificate: files, keys and settings are named to whoever can mend it. */
import { cp, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import { describe, expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { fetchPlain, importRegistry, listAlarms, logIn } from '../../support/api-client.ts'
import { type GatewayOptions, startGateway } from '../../support/gateway-process.ts'
import { buttonOf, people, twoCounties } from '../../support/two-counties.ts'
import { createAuthority, readPair } from '../tls/certificates.ts'

const newDirectory = async (): Promise<string> => {
  const made = await mkdtemp(join(tmpdir(), 'anling-start-'))
  onTestFinished(() => rm(made, { recursive: true }))
  return made
}

/** How it ended, with what it said. */
const failedStart = async (options: GatewayOptions): Promise<string> => {
  const started = await startGateway(options).catch((error: unknown) => String(error))
  if (typeof started === 'string') return started
  await started.kill()
  throw new Error('it started')
}

describe('the gateway', () => {
  test('does not start without its key file, with a foreign or a broken one: exit code 1, file and key are named', async () => {
    const [copy, foreign] = [await newDirectory(), await newDirectory()]
    for (const one of [copy, foreign]) {
      const first = await startGateway({ directory: one })
      await importRegistry(await logIn(first.httpUrl), twoCounties)
      await first.stop()
    }
    const keyFile = join(copy, 'keys.json')
    const { current } = z
      .looseObject({ current: z.string() })
      .parse(JSON.parse(await readFile(keyFile, 'utf8')))

    await rename(keyFile, `${keyFile}.away`)
    const missing = await failedStart({ directory: copy })
    expect(missing).toContain('(1)')
    expect(missing).toContain(`the key file ${keyFile} is missing; data is sealed with ${current}`)

    await cp(join(foreign, 'keys.json'), keyFile)
    const wrong = await failedStart({ directory: copy })
    expect(wrong).toContain('(1)')
    expect(wrong).toContain(`the key file ${keyFile} lacks ${current}`)

    await writeFile(keyFile, 'not a key file')
    const broken = await failedStart({ directory: copy })
    expect(broken).toContain('(1)')
    expect(broken).toContain(`the key file ${keyFile} is broken`)

    await rename(`${keyFile}.away`, keyFile)
    const whole = await startGateway({ directory: copy })
    const again = await logIn(whole.httpUrl)
    expect((await again.get(`/api/residents/${people.tiedong.resident}`)).body).toMatchObject({
      name: people.tiedong.name,
    })
    await whole.stop()
  })

  test('does not open MQTT in clear off the loopback, unless it is told to: exit code 2, the setting is named', async () => {
    const empty = await newDirectory()
    const refused = await failedStart({ directory: empty, settings: { mqtt: { host: '0.0.0.0' } } })
    expect(refused).toContain('(2)')
    expect(refused).toContain('mqtt.host')
    expect(refused).toContain('mqtt.allowPlain')
    const open = await startGateway({
      directory: empty,
      settings: { mqtt: { host: '0.0.0.0', allowPlain: true } },
    })
    expect(open.logLines.some(line => line.includes('MQTT IN CLEAR ON THE NETWORK'))).toBe(true)
    expect(String((await fetchPlain(`${open.httpUrl}/metrics`)).body)).toMatch(/^anling_mqtt_in_clear 1$/m)
    await open.stop()
  })

  test('does not start with a certificate whose key is another’s: exit code 1, the file is named', async () => {
    const authority = await createAuthority()
    const [server, other] = [await authority.issue('server'), await authority.issue('other')]
    const empty = await newDirectory()
    const tls = { certFile: server.certFile, keyFile: other.keyFile }
    for (const settings of [{ mqtt: { tls: { port: 0, ...tls } } }, { http: { tls } }]) {
      const refused = await failedStart({ directory: empty, settings })
      expect(refused).toContain('(1)')
      expect(refused).toContain(`${other.keyFile}: is not the key of ${server.certFile}`)
    }
  })

  test('lets no certificate speak for another device, nor one of another authority for anybody', async () => {
    const [authority, stranger] = [await createAuthority(), await createAuthority('stranger')]
    const server = await authority.issue('server')
    const own = await newDirectory()
    const tls = { port: 0, ...server, caFile: authority.certFile, clientCertificates: 'optional' }
    const secured = await startGateway({ directory: own, settings: { mqtt: { tls } } })
    onTestFinished(async () => void (await secured.stop()))
    const api = await logIn(secured.httpUrl)
    await importRegistry(api, twoCounties)
    const ready = secured.logLines.find(line => line.includes('"ready"')) ?? ''
    const { mqttsUrl } = z.looseObject({ mqttsUrl: z.string() }).parse(JSON.parse(ready))

    const { id: mine } = buttonOf('tiedong')
    const { id: theirs, secret } = buttonOf('lishan')
    const ca = (await readPair(authority)).cert
    const options = { ca, reconnectPeriod: 0, protocolVersion: 4 } as const
    const pair = await readPair(await authority.issue(mine))
    await expect(connectAsync(mqttsUrl, { ...options, ...pair, username: theirs })).rejects.toThrow()
    await expect(
      connectAsync(mqttsUrl, { ...options, ...pair, username: theirs, password: secret }),
    ).rejects.toThrow()
    const forged = await readPair(await stranger.issue(mine))
    await expect(connectAsync(mqttsUrl, { ...options, ...forged })).rejects.toThrow()

    const button = await connectAsync(mqttsUrl, { ...options, ...pair })
    await button.publishAsync(`anling/v1/${mine}/event`, '{"id":"e-1","type":"sos"}', { qos: 1 })
    await button.endAsync(true)
    expect(await listAlarms(api, 'state=open')).toMatchObject([{ device: { id: mine } }])
  })
})
