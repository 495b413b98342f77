/** The real gateway as a child process, on free ports. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import type { FastTime } from '../clock.ts'

export type GatewayOptions = {
  /** Where its data are, or will be. */
  readonly directory: string
  readonly lines?: readonly { readonly id: string; readonly path: string; readonly protocol: string }[]
  /** Left out, it lives in real time. */
  readonly time?: FastTime
}

export type GatewayProcess = {
  readonly httpUrl: string
  readonly mqttUrl: string
  /** Told at its first start in a directory. */
  readonly firstLogin: Login | undefined
  /** Resolves with a sentence if the gateway ends by itself. */
  readonly died: Promise<string>
  /** SIGTERM, and after its promised time SIGKILL. Resolves true after an orderly stop. */
  stop(): Promise<boolean>
}

const startTimeoutMs = 20_000
/** The gateway promises to stop within 5 s. */
const stopTimeoutMs = 6_000
/** Lines that are kept to say why it did not start. */
const keptLines = 20

const Ready = z.object({ msg: z.literal('ready'), httpUrl: z.string(), mqttUrl: z.string() })
const FirstLogin = z.object({ msg: z.literal('first-login'), username: z.string(), password: z.string() })
export type Login = Pick<z.infer<typeof FirstLogin>, 'username' | 'password'>

const jsonOf = (line: string): unknown => {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

const settingsOf = ({ startAt, speed, since, until }: FastTime) => ({
  ANLING_SIMULATION_SPEED: String(speed),
  ANLING_SIMULATION_START_AT: new Date(startAt).toISOString(),
  ANLING_SIMULATION_SINCE: new Date(since).toISOString(),
  ...(until !== undefined && { ANLING_SIMULATION_UNTIL: new Date(until).toISOString() }),
})

/** The settings of whoever runs the demo are about another gateway. */
const ownEnvironment = (time: FastTime | undefined) => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('ANLING_'))),
  ANLING_HTTP_PORT: '0',
  ANLING_MQTT_PORT: '0',
  ...(time && settingsOf(time)),
})

export const startGatewayProcess = async (options: GatewayOptions): Promise<GatewayProcess> => {
  const { directory, lines = [], time } = options
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
  let firstLogin: Login | undefined
  const read = (line: string) => {
    lastLines.push(line)
    if (lastLines.length > keptLines) lastLines.shift()
    const said = jsonOf(line)
    const isReady = Ready.safeParse(said)
    if (isReady.success) ready.resolve(isReady.data)
    const isLogin = FirstLogin.safeParse(said)
    if (isLogin.success) firstLogin = isLogin.data
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
    // It tells a first login before it says that it is ready.
    const { httpUrl, mqttUrl } = await Promise.race([ready.promise, failed])
    return { httpUrl, mqttUrl, firstLogin, died, stop }
  } catch (failure) {
    await stop()
    throw failure
  } finally {
    clearTimeout(late)
  }
}
