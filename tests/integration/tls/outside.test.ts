import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import { fetchPlain } from '../../support/api-client.ts'
import { eventually } from '../../support/eventually.ts'
import { freePort } from '../../support/free-port.ts'
import { startGateway } from '../../support/gateway-process.ts'
import { createAuthority } from './certificates.ts'

const startMosquitto = async (directory: string, lines: readonly string[]): Promise<void> => {
  const file = join(directory, 'mosquitto.conf')
  await writeFile(file, [...lines, 'allow_anonymous true', 'user root'].join('\n'))
  const child = spawn('/usr/sbin/mosquitto', ['-v', '-c', file], { stdio: ['ignore', 'ignore', 'pipe'] })
  onTestFinished(async () => {
    child.kill('SIGTERM')
    await once(child, 'exit')
  })
  for await (const line of createInterface({ input: child.stderr })) if (line.includes('running')) break
  child.stderr.resume()
}

test('an outside broker is reached by TLS if Node trusts who certified it, and not otherwise', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'anling-outside-tls-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  const authority = await createAuthority()
  const { certFile, keyFile } = await authority.issue('broker')
  const port = await freePort()
  await startMosquitto(directory, [
    `listener ${port} 127.0.0.1`,
    `certfile ${certFile}`,
    `keyfile ${keyFile}`,
  ])
  const start = async (name: string, env: Readonly<Record<string, string>>) => {
    const gateway = await startGateway({
      directory: join(directory, name),
      env: { ANLING_MQTT_URL: `mqtts://127.0.0.1:${port}`, ...env },
    })
    onTestFinished(async () => void (await gateway.stop()))
    return gateway
  }

  const trusting = await start('trusting', { NODE_EXTRA_CA_CERTS: authority.certFile })
  const isReady = async () =>
    (await fetchPlain(`${trusting.httpUrl}/readyz`)).status === 200 ? true : undefined
  await eventually('the connection', isReady)

  const wary = await start('wary', {})
  const complaint = () => wary.logLines.find(line => line.includes('cannot be reached'))
  expect(await eventually('a complaint', complaint)).toMatch(/certificate/)
  expect((await fetchPlain(`${wary.httpUrl}/readyz`)).status).toBe(503)
})
