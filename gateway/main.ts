/**
 * The command `anling`. The only file that reads the command line and the environment.
 *   node gateway/main.ts [--config FILE] [--data DIR] [--setting VALUE …]    runs the gateway
 *   node gateway/main.ts verify [--data DIR] [--anchors FILE]                 checks the journal's hash chains
 *   node gateway/main.ts backup --to DIR [--data DIR]                         copies it all, also while a gateway runs
 *   node gateway/main.ts restore --from DIR --data DIR                        makes a data directory from a backup
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
 * Keeps compiled sources in the data directory, unless somebody has named another place. Otherwise each thread would
 * bring the TypeScript stripper along at every start: about 15 MB a thread, and half of the time to start. What is
 * imported before this is not in it.
 */
const keepCompiled = (dataDir: string): void => {
  const directory = process.env['NODE_COMPILE_CACHE'] ?? join(dataDir, 'compiled')
  // For the worker threads. A directory that cannot be written only means that nothing is kept.
  process.env['NODE_COMPILE_CACHE'] = directory
  enableCompileCache(directory)
}

const answer = (result: object): void => {
  process.stdout.write(`${JSON.stringify(result)}\n`)
}

/** What a command asks for beside the settings. */
type Options = { readonly [name: string]: string | undefined }
type Command = {
  readonly options: readonly string[]
  run(settings: Settings, options: Options): Promise<number>
}

const runVerify = async ({ data }: Settings, { anchors }: Options): Promise<number> => {
  const { verifyJournal } = await import('./journal/verify.ts')
  const result = await verifyJournal(data.dir, ({ checked }) => {
    process.stderr.write(`\r${checked} entries checked`)
  })
  process.stderr.write('\n')
  answer(result)
  if (anchors === undefined || !result.ok) return result.ok ? 0 : 1
  const { verifyAnchors } = await import('./journal/anchors.ts')
  const anchored = await verifyAnchors(data.dir, anchors)
  answer(anchored)
  return anchored.ok ? 0 : 1
}

const missing = (option: string): number => {
  process.stderr.write(`--${option} is missing: a directory\n`)
  return 2
}

const runBackup = async (settings: Settings, { to }: Options): Promise<number> => {
  if (to === undefined) return missing('to')
  const backups = await import('./backups.ts')
  const made = await backups.runBackup(settings, to)
  answer(made)
  return 'refused' in made ? 1 : 0
}

const runRestore = async (settings: Settings, { from }: Options): Promise<number> => {
  if (from === undefined) return missing('from')
  const backups = await import('./backups.ts')
  const restored = await backups.runRestore(from, settings.data.dir, backups.keyFileOf(settings))
  answer(restored)
  return restored.ok ? 0 : 1
}

const commands: Readonly<Record<string, Command>> = {
  verify: { options: ['anchors'], run: runVerify },
  backup: { options: ['to'], run: runBackup },
  restore: { options: ['from'], run: runRestore },
}

/** `--name VALUE` and `--name=VALUE` of a command's own options; the rest are settings. */
const splitOptions = (argv: readonly string[], names: readonly string[]): [Options, string[]] => {
  const options: { [name: string]: string | undefined } = {}
  const rest: string[] = []
  for (let index = 0; index < argv.length; index += 1) {
    const [word = '', value] = (argv[index] ?? '').split(/=(.*)/s, 2)
    const name = names.find(one => word === `--${one}`)
    if (name === undefined) rest.push(argv[index] ?? '')
    else options[name] = value ?? argv[(index += 1)]
  }
  return [options, rest]
}

/** Real time, unless a demonstration asks for a faster one. */
const clockOf = ({ simulation }: Settings, log: Logger): Clock => {
  const { speed, startAt, since, until } = simulation
  if (speed === 1 && startAt === undefined) return systemClock
  const now = systemClock.now()
  const time = {
    speed,
    startAt: startAt === undefined ? now : Date.parse(startAt),
    since: since === undefined ? now : Date.parse(since),
    ...(until !== undefined && { until: Date.parse(until) }),
  }
  log.warn(simulation, 'SIMULATED TIME: for demonstrations only')
  return createFastClock(systemClock, time)
}

const runGateway = async (settings: Settings): Promise<void> => {
  const log = pino({ level: settings.log.level })
  setFlagsFromString(`--heap-growing-percent=${heapGrowingPercent}`)
  keepCompiled(settings.data.dir)
  const onFatal = (reason: string): never => {
    log.fatal({ reason }, 'cannot go on')
    process.exit(1)
  }
  const { startGateway } = await import('./gateway.ts')
  const { CannotStart } = await import('./stores.ts')
  const gateway = await startGateway({
    settings,
    clock: clockOf(settings, log),
    sessionClock: systemClock,
    log,
    onFatal,
  }).catch((error: unknown) => {
    if (error instanceof CannotStart) return onFatal(error.message)
    throw error
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
  process.on('SIGHUP', () => gateway.renewCertificates())

  if (gateway.firstPassword !== undefined) {
    log.warn({ username: 'admin', password: gateway.firstPassword }, 'first-login')
  }
  log.info(gateway.addresses, 'ready')
  flushCompileCache()
}

const main = async (): Promise<void> => {
  const [word = '', ...rest] = process.argv.slice(2)
  const command = Object.hasOwn(commands, word) ? commands[word] : undefined
  const [options, argv] = splitOptions(command ? rest : process.argv.slice(2), command?.options ?? [])
  const loaded = loadSettings({ argv, env: process.env, readFile: path => readFileSync(path, 'utf8') })
  if ('help' in loaded) {
    process.stdout.write(loaded.help)
  } else if (!loaded.ok) {
    process.stderr.write(`${describeMistakes(loaded.mistakes)}\n`)
    process.exitCode = 2
  } else if (command) {
    process.exitCode = await command.run(loaded.settings, options)
  } else {
    await runGateway(loaded.settings)
  }
}

// Opening hours are read in the settings' own zone; a process zone with summer time would bend them for an hour a year.
process.env['TZ'] = 'UTC'
// What lies in the data directory is for this user alone.
process.umask(0o077)
await main()
