/** The real gateway as a child process, on free ports and in a directory of its own. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import type { FastTime } from '../clock.ts'

export type GatewayOptions = {
  readonly lines: readonly { readonly id: string; readonly path: string; readonly protocol: string }[]
  readonly time: FastTime
}

export type GatewayProcess = {
  readonly httpUrl: string
  readonly mqttUrl: string
  readonly login: { readonly username: string; readonly password: string }
  /** Resolves with a sentence if the gateway ends by itself. */
  readonly died: Promise<string>
  /** SIGTERM, and after its promised time SIGKILL; then the directory is removed. Resolves true after an orderly stop. */
  stop(): Promise<boolean>
}

const startTimeoutMs = 20_000
/** The gateway promises to stop within 5 s. */
const stopTimeoutMs = 6_000
/** Lines that are kept to say why it did not start. */
const keptLines = 20

const Ready = z.object({ msg: z.literal('ready'), httpUrl: z.string(), mqttUrl: z.string() })
const FirstLogin = z.object({ msg: z.literal('first-login'), username: z.string(), password: z.string() })

const jsonOf = (line: string): unknown => {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

/** The settings of whoever runs the demo are about another gateway. */
const ownEnvironment = ({ startAt, speed, since, until }: FastTime) => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('ANLING_'))),
  ANLING_HTTP_PORT: '0',
  ANLING_MQTT_PORT: '0',
  ANLING_SIMULATION_SPEED: String(speed),
  ANLING_SIMULATION_START_AT: new Date(startAt).toISOString(),
  ANLING_SIMULATION_SINCE: new Date(since).toISOString(),
  ...(until !== undefined && { ANLING_SIMULATION_UNTIL: new Date(until).toISOString() }),
})

export const startGatewayProcess = async ({ lines, time }: GatewayOptions): Promise<GatewayProcess> => {
  const directory = await mkdtemp(join(tmpdir(), 'anling-demo-'))
  const main = new URL('../../gateway/main.ts', import.meta.url).pathname
  const config = join(directory, 'demo.yaml')
  // YAML takes JSON as it is.
  await writeFile(config, JSON.stringify({ serial: { lines } }))
  const child = spawn(process.execPath, [main, '--data', directory, '--config', config], {
    env: ownEnvironment(time),
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: Ctrl-C is for the demo, which stops the gateway after everybody else.
    detached: true,
  })
  const exited = once(child, 'exit')
  const lastLines: string[] = []
  const ready = Promise.withResolvers<z.infer<typeof Ready>>()
  const firstLogin = Promise.withResolvers<z.infer<typeof FirstLogin>>()
  const read = (line: string) => {
    lastLines.push(line)
    if (lastLines.length > keptLines) lastLines.shift()
    const said = jsonOf(line)
    const isReady = Ready.safeParse(said)
    if (isReady.success) ready.resolve(isReady.data)
    const isLogin = FirstLogin.safeParse(said)
    if (isLogin.success) firstLogin.resolve(isLogin.data)
  }
  createInterface(child.stdout).on('line', read)
  createInterface(child.stderr).on('line', read)
  const died = exited.then(
    ([code, signal]) => `网关已退出 the gateway ended (${code ?? signal})\n${lastLines.join('\n')}`,
  )

  const stop = async (): Promise<boolean> => {
    const cut = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs)
    child.kill('SIGTERM')
    await exited
    clearTimeout(cut)
    await rm(directory, { recursive: true, force: true })
    return child.exitCode === 0
  }

  let late: NodeJS.Timeout | undefined
  const failed = new Promise<never>((_, reject) => {
    late = setTimeout(
      () => reject(new Error(`网关未就绪 not ready after ${startTimeoutMs / 1_000} s`)),
      startTimeoutMs,
    )
    void died.then(why => reject(new Error(why)))
  })
  try {
    const [{ httpUrl, mqttUrl }, { username, password }] = await Promise.race([
      Promise.all([ready.promise, firstLogin.promise]),
      failed,
    ])
    return { httpUrl, mqttUrl, login: { username, password }, died, stop }
  } catch (failure) {
    await stop()
    throw failure
  } finally {
    clearTimeout(late)
  }
}
