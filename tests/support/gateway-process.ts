/**
 * The gateway as a child process, seen from outside only: its command line, its environment and its log.
 * Takes a data directory, gives addresses and ways to end it. Never reaches into its code.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

const root = fileURLToPath(new URL('../..', import.meta.url))
const main = fileURLToPath(new URL('../../gateway/main.ts', import.meta.url))

/** As `npm start` does it. */
const Package = z.object({ scripts: z.object({ start: z.string() }) })
const { start } = Package.parse(
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')),
).scripts
const startArguments = start.split(' ').slice(1)

const readyTimeoutMs = 60_000
/** The documented 5 s and some room for a busy machine; after that it is killed and the test told. */
const stopTimeoutMs = 8_000
/** Older lines are dropped. */
const keptLogLines = 400
const shownLogLines = 20

export const adminPassword = 'eight-bells-at-dawn'

export type Ending = { readonly code: number | null; readonly signal: NodeJS.Signals | null }

export type GatewayProcess = {
  readonly httpUrl: string
  readonly mqttUrl: string
  readonly pid: number
  /** From the start of the process to its `ready` line. */
  readonly startedInMs: number
  readonly logLines: readonly string[]
  readonly ended: Promise<Ending>
  /** SIGTERM. Resolves with how it ended; rejects if it had to be killed. */
  readonly stop: () => Promise<Ending>
  /** SIGKILL: nothing in it gets to run any more. */
  readonly kill: () => Promise<Ending>
  readonly residentBytes: () => Promise<number>
}

export type GatewayOptions = {
  readonly directory: string
  readonly env?: Readonly<Record<string, string>>
  /** For what only a configuration file can say. */
  readonly settings?: object
}

/** JSON is YAML. */
const configure = async ({ directory, settings }: GatewayOptions): Promise<readonly string[]> => {
  if (!settings) return []
  const file = join(directory, 'settings.yaml')
  await writeFile(file, JSON.stringify(settings))
  return ['--config', file]
}

const Ready = z.object({ msg: z.literal('ready'), httpUrl: z.string(), mqttUrl: z.string() })

const readyLine = (line: string): z.infer<typeof Ready> | undefined => {
  if (!line.includes('"ready"')) return undefined
  try {
    return Ready.safeParse(JSON.parse(line)).data
  } catch {
    return undefined
  }
}

/** One for all: hundreds of starts on new data directories would compile everything anew each time. */
const compiledSources = join(tmpdir(), 'anling-compiled-sources')

/** Only what is named here: a developer's own ANLING_* settings must not change a test. */
const environment = (env: Readonly<Record<string, string>>): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  HOME: process.env['HOME'],
  ANLING_HTTP_PORT: '0',
  ANLING_MQTT_PORT: '0',
  ANLING_ADMIN_PASSWORD: adminPassword,
  NODE_COMPILE_CACHE: compiledSources,
  ...env,
})

/** Ends with the process that started it, however that one ends. */
const tieToThisProcess = (child: ChildProcess): void => {
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  child.once('exit', () => process.off('exit', kill))
}

/** After the last line of both streams, which may follow the exit. */
const endingOf = (child: ChildProcess): Promise<Ending> =>
  new Promise(resolve => child.once('close', (code, signal) => resolve({ code, signal })))

const residentBytes = async (pid: number): Promise<number> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]
  if (kibibytes === undefined) throw new Error(`no VmRSS for process ${pid}`)
  return Number(kibibytes) * 1024
}

/** Rejects with the last log lines when the process ends, or says nothing, before it is ready. */
export const startGateway = async (options: GatewayOptions): Promise<GatewayProcess> => {
  const startedAt = performance.now()
  const configuration = await configure(options)
  const words = [...startArguments, '--data', options.directory, ...configuration]
  const child = spawn(process.execPath, words, {
    cwd: root,
    env: environment(options.env ?? {}),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  tieToThisProcess(child)
  const ended = endingOf(child)

  const logLines: string[] = []
  const { promise: ready, resolve, reject } = Promise.withResolvers<z.infer<typeof Ready>>()
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', line => {
      logLines.push(line)
      if (logLines.length > keptLogLines) logLines.shift()
      const found = readyLine(line)
      if (found) resolve(found)
    })
  }
  const fail = (what: string) => reject(new Error([what, ...logLines.slice(-shownLogLines)].join('\n')))
  child.once('error', error => fail(`The gateway could not be started: ${error.message}`))
  void ended.then(({ code, signal }) => fail(`The gateway ended before it was ready (${code ?? signal})`))
  const timer = setTimeout(() => {
    fail(`The gateway was not ready within ${readyTimeoutMs} ms`)
    child.kill('SIGKILL')
  }, readyTimeoutMs)

  const { httpUrl, mqttUrl } = await ready.finally(() => clearTimeout(timer))
  const pid = child.pid
  if (pid === undefined) throw new Error('a process that runs has an id')
  return {
    httpUrl,
    mqttUrl,
    pid,
    startedInMs: performance.now() - startedAt,
    logLines,
    ended,
    stop: async () => {
      child.kill('SIGTERM')
      const timeout = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs)
      const ending = await ended
      clearTimeout(timeout)
      if (ending.signal === 'SIGKILL') {
        throw new Error(
          `The gateway did not stop within ${stopTimeoutMs} ms\n${logLines.slice(-shownLogLines).join('\n')}`,
        )
      }
      return ending
    },
    kill: async () => {
      child.kill('SIGKILL')
      return await ended
    },
    residentBytes: () => residentBytes(pid),
  }
}

/** `verify` on a data directory that no gateway holds open. Resolves with its exit code and what it printed. */
export const verifyJournal = async (directory: string): Promise<{ code: number | null; output: string }> => {
  const child = spawn(process.execPath, [main, 'verify', '--data', directory], {
    cwd: root,
    env: environment({}),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  tieToThisProcess(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', bytes => (output += String(bytes)))
  const { code } = await endingOf(child)
  return { code, output }
}
