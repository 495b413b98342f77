/**
 * The command `anling`. The only file that reads the command line and the environment.
 *   node gateway/main.ts [--config FILE] [--data DIR] [--setting VALUE …]    runs the gateway
 *   node gateway/main.ts verify [--data DIR]                                  checks the journal's hash chain
 * Exit codes: 0 in order; 1 it failed; 2 the settings are wrong.
 */
import { readFileSync } from 'node:fs'
import { enableCompileCache, flushCompileCache } from 'node:module'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { type Logger, pino } from 'pino'
import { createFastClock } from './kit/fast-clock.ts'
import { describeMistakes } from './kit/settings-loader.ts'
import { systemClock } from './kit/system-clock.ts'
import type { Clock } from './model/clock.ts'
import { loadSettings, type Settings } from './settings.ts'

/**
 * How much garbage V8 lets gather before it collects all of it, in percent of what lives. By default it waits for about
 * twice what lives, which ten thousand devices that log in at once would leave behind for good.
 */
const heapGrowingPercent = 60

/** After this a stop that hangs is cut short: systemd and container engines would kill us at 10 s. */
const stopLimitMs = 5_000

/**
 * Keeps compiled sources in the data directory. Otherwise each thread would bring the TypeScript stripper along at
 * every start: about 15 MB a thread, and half of the time to start. What is imported before this is not in it.
 */
const keepCompiled = (dataDir: string): void => {
  const directory = join(dataDir, 'compiled')
  // For the worker threads. A directory that cannot be written only means that nothing is kept.
  process.env['NODE_COMPILE_CACHE'] = directory
  enableCompileCache(directory)
}

const runVerify = async (settings: Settings): Promise<number> => {
  const { verifyJournal } = await import('./journal/verify.ts')
  const result = await verifyJournal(settings.data.dir, ({ entries }) => {
    process.stderr.write(`\r${entries} entries checked`)
  })
  process.stderr.write('\n')
  process.stdout.write(`${JSON.stringify(result)}\n`)
  return result.ok ? 0 : 1
}

/** Real time, unless a demonstration asks for a faster one. */
const clockOf = ({ simulation }: Settings, log: Logger): Clock => {
  const { speed, startAt, since } = simulation
  if (speed === 1 && startAt === undefined) return systemClock
  const now = systemClock.now()
  const time = {
    speed,
    startAt: startAt === undefined ? now : Date.parse(startAt),
    since: since === undefined ? now : Date.parse(since),
  }
  log.warn(simulation, 'SIMULATED TIME: for demonstrations only')
  return createFastClock(systemClock, time)
}

const runGateway = async (settings: Settings): Promise<void> => {
  const log = pino({ level: settings.log.level })
  setFlagsFromString(`--heap-growing-percent=${heapGrowingPercent}`)
  keepCompiled(settings.data.dir)
  const { startGateway } = await import('./gateway.ts')
  const gateway = await startGateway({
    settings,
    clock: clockOf(settings, log),
    sessionClock: systemClock,
    log,
    onFatal(reason) {
      log.fatal({ reason }, 'cannot go on')
      process.exit(1)
    },
  })

  let stopping = false
  const stop = (signal: string): void => {
    if (stopping) return
    stopping = true
    log.info({ signal }, 'stopping')
    setTimeout(() => process.exit(1), stopLimitMs).unref()
    gateway.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.fatal({ err: error }, 'could not stop in order')
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)

  if (gateway.firstPassword !== undefined) {
    log.warn({ username: 'admin', password: gateway.firstPassword }, 'first-login')
  }
  log.info(gateway.addresses, 'ready')
  flushCompileCache()
}

const main = async (): Promise<void> => {
  const [command, ...rest] = process.argv.slice(2)
  const isVerify = command === 'verify'
  const loaded = loadSettings({
    argv: isVerify ? rest : process.argv.slice(2),
    env: process.env,
    readFile: path => readFileSync(path, 'utf8'),
  })
  if ('help' in loaded) {
    process.stdout.write(loaded.help)
  } else if (!loaded.ok) {
    process.stderr.write(`${describeMistakes(loaded.mistakes)}\n`)
    process.exitCode = 2
  } else if (isVerify) {
    process.exitCode = await runVerify(loaded.settings)
  } else {
    await runGateway(loaded.settings)
  }
}

// Opening hours are read in the settings' own zone; a process zone with summer time would bend them for an hour a year.
process.env['TZ'] = 'UTC'
await main()
