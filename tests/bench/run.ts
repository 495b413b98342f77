/**
 * The measurements of the README: peers and gateway side by side, in one run on one machine.
 * Takes which rows to run; gives Markdown on standard output and, with --json, the same figures in a file.
 * Never decides pass or fail: what falls short of a target is said, not hidden.
 */
import { writeFile } from 'node:fs/promises'
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import { type Contender, contenders, measureContender } from './alarm-rows.ts'
import { measureCore } from './core-rows.ts'
import { measureIdle, measureReturn } from './crowd-rows.ts'
import type { Measured } from './fleet.ts'
import { measureImport } from './import-row.ts'
import { reportSensors, type SensorScale, sensorRows } from './sensor-report.ts'
import { measureStart } from './start-row.ts'
import * as targets from './targets.ts'
import { measureWeb, type WebScale } from './web-rows.ts'
import { type Guessing, measureWrongLogins } from './wrong-login-row.ts'

const rowNames = [
  'raw',
  'node-red',
  'gateway',
  'core',
  'idle',
  'return',
  'guess',
  'import',
  'start',
  'web',
  ...sensorRows,
] as const
type RowName = (typeof rowNames)[number]

const help = `npm run bench -- [options]
  --only ROWS   comma-separated: ${rowNames.join(', ')}
  --quick       small numbers, to see that everything runs; not for publishing
  --json FILE   also write every figure to FILE
`

type Scale = {
  readonly loads: readonly { readonly ratePerSecond: number; readonly seconds: number }[]
  readonly devices: number
  readonly returnSeconds: number
  readonly guessing: Guessing
  readonly rows: number
  readonly entries: number
  readonly web: WebScale
  readonly sensors: SensorScale
}

/** At 4,000/s for 4 s: 16,000 connections are what an open-files limit of 20,000 leaves room for. */
const full: Scale = {
  loads: [
    { ratePerSecond: 100, seconds: 10 },
    { ratePerSecond: 1_000, seconds: 10 },
    { ratePerSecond: 4_000, seconds: 4 },
  ],
  devices: 10_000,
  returnSeconds: 55,
  guessing: { attempts: 100_000, seconds: 60, pressesPerSecond: 50 },
  rows: 10_000,
  entries: 1_000_000,
  web: { consoles: 20, alarmsPerSecond: 100, seconds: 10, open: 1_000, soakAlarms: 10_000 },
  sensors: {
    telemetry: { ratePerSecond: 10_000, seconds: 60, devices: 5_000 },
    serialSeconds: 20,
    detectSeconds: 300,
    otherDevices: 200,
  },
}
const quick: Scale = {
  loads: [
    { ratePerSecond: 100, seconds: 3 },
    { ratePerSecond: 1_000, seconds: 2 },
  ],
  devices: 1_000,
  returnSeconds: 5,
  guessing: { attempts: 5_000, seconds: 5, pressesPerSecond: 50 },
  rows: 2_000,
  entries: 50_000,
  web: { consoles: 2, alarmsPerSecond: 20, seconds: 5, open: 300, soakAlarms: 1_000 },
  sensors: {
    telemetry: { ratePerSecond: 10_000, seconds: 10, devices: 5_000 },
    serialSeconds: 5,
    detectSeconds: 60,
    otherDevices: 20,
  },
}
const pressesPerSecondDuringReturn = 50

type Report = { readonly figures: Record<string, unknown>; readonly shortfalls: string[] }

const print = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

const ms = (value: number): string => (Number.isFinite(value) ? value.toFixed(2) : '–')
const mebi = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`

const alarmLine = (title: string, run: Measured): string => {
  const { toTerminal, toPuback } = run
  const cells = [
    title,
    run.ratePerSecond,
    `${run.delivered}/${run.sent}`,
    ms(toTerminal.p50Ms),
    ms(toTerminal.p99Ms),
    ms(toTerminal.maxMs),
    ms(toPuback.p50Ms),
    ms(toPuback.p99Ms),
  ]
  return `| ${cells.join(' | ')} |`
}

const reportAlarms = async (wanted: readonly RowName[], scale: Scale, report: Report): Promise<void> => {
  const chosen = (['raw', 'node-red', 'gateway'] as const).filter(name => wanted.includes(name))
  if (chosen.length === 0) return
  print(
    '| row | alarms/s | delivered/sent | press → terminal p50 ms | p99 ms | max ms | press → PUBACK p50 ms | p99 ms |',
  )
  print('|---|---:|---:|---:|---:|---:|---:|---:|')
  const runs: { contender: Contender; run: Measured }[] = []
  for (const load of scale.loads) {
    for (const contender of chosen) {
      const run = await measureContender(contender, load)
      runs.push({ contender, run })
      print(alarmLine(contenders[contender].title, run))
      report.shortfalls.push(...targets.alarmShortfalls(contender, run))
    }
  }
  report.shortfalls.push(...targets.factorShortfalls(runs))
  report.figures['alarms'] = runs
  print(
    '\nEach press is a new alarm from another device; all are connected beforehand. mosquitto lets everybody in and',
  )
  print(
    'keeps nothing; Node-RED has acknowledged before its write. The gateway logs devices in, commits with fsync before',
  )
  print('PUBACK, routes, offers, takes the terminal’s `received` and tells the button `accepted`.\n')
}

const reportGuessing = async (load: Guessing, report: Report): Promise<void> => {
  for (const over of ['mqtt', 'http'] as const) {
    const row = await measureWrongLogins(over, load)
    report.figures[`guess-${over}`] = row
    report.shortfalls.push(...targets.guessShortfalls(row, load.attempts))
    const { calm, presses, guesses, logins } = row
    const answers = Object.entries(guesses.answers).map(([answer, count]) => `${count} × ${answer}`)
    print(
      `- ${guesses.tried} wrong logins over ${over} in ${(guesses.tookMs / 1000).toFixed(1)} s (${answers.join(', ')}), ` +
        `${load.pressesPerSecond} presses/s meanwhile: ${presses.delivered}/${presses.sent} delivered, ` +
        `p50 ${ms(presses.toTerminal.p50Ms)} ms, p99 ${ms(presses.toTerminal.p99Ms)} ms, max ${ms(presses.toTerminal.maxMs)} ms; ` +
        `without: p50 ${ms(calm.toTerminal.p50Ms)} ms, p99 ${ms(calm.toTerminal.p99Ms)} ms; ` +
        `a device at its usual address was let in ${logins.letIn}/${logins.tried} times`,
    )
  }
}

const reportRest = async (wanted: readonly RowName[], scale: Scale, report: Report): Promise<void> => {
  const { figures, shortfalls } = report
  if (wanted.includes('core')) {
    for (const points of [200, 20_000]) {
      const row = measureCore(points)
      figures[`core-${points}`] = row
      shortfalls.push(...targets.coreShortfalls(row))
      print(
        `- decide + route, ${points} points: p50 ${row.p50Micros.toFixed(1)} µs, p99 ${row.p99Micros.toFixed(1)} µs`,
      )
    }
  }
  if (wanted.includes('idle')) {
    const row = await measureIdle(scale.devices)
    figures['idle'] = row
    shortfalls.push(...targets.idleShortfalls(row))
    print(
      `- ${row.devices} connected idle devices: ${mebi(row.connectedBytes)} resident (${mebi(row.emptyBytes)} before); ` +
        `all logged in after ${(row.connectedInMs / 1000).toFixed(1)} s`,
    )
  }
  if (wanted.includes('return')) {
    const row = await measureReturn(scale.devices, scale.returnSeconds, pressesPerSecondDuringReturn)
    figures['return'] = row
    shortfalls.push(...targets.returnShortfalls(row))
    const { toTerminal, delivered, sent } = row.presses
    print(
      `- ${row.devices} devices lost at once and back after ${(row.returnedInMs / 1000).toFixed(1)} s, ` +
        `${pressesPerSecondDuringReturn} presses/s meanwhile: ${delivered}/${sent} delivered, ` +
        `p50 ${ms(toTerminal.p50Ms)} ms, p99 ${ms(toTerminal.p99Ms)} ms, max ${ms(toTerminal.maxMs)} ms`,
    )
  }
  if (wanted.includes('guess')) await reportGuessing(scale.guessing, report)
  if (wanted.includes('import')) {
    const row = await measureImport(scale.rows)
    figures['import'] = row
    shortfalls.push(...targets.importShortfalls(row))
    print(
      `- ${row.rows} rows over HTTP: a registry document ${(row.documentMs / 1000).toFixed(2)} s, ` +
        `new devices with claim codes ${(row.devicesMs / 1000).toFixed(2)} s`,
    )
  }
  if (wanted.includes('start')) {
    const row = await measureStart(scale.entries)
    figures['start'] = row
    shortfalls.push(...targets.startShortfalls(row))
    print(
      `- start on a journal of ${row.entries} entries: ready after ${(row.startedInMs / 1000).toFixed(2)} s`,
    )
  }
}

const reportWeb = async (scale: WebScale, report: Report): Promise<void> => {
  const row = await measureWeb(scale)
  report.figures['web'] = row
  report.shortfalls.push(...targets.webShortfalls(row))
  const { bytes, ready, together, apart, longestTask, heap } = row
  const wait = ({ p50Ms, p99Ms, count }: typeof apart.visible): string =>
    `p50 ${ms(p50Ms)} ms, p99 ${ms(p99Ms)} ms (n = ${count})`
  print(
    `- console: first load ${(bytes / 1_000).toFixed(0)} kB, cache empty: ready after p50 ${ready.p50Ms.toFixed(0)}, max ${ready.maxMs.toFixed(0)} ms (${ready.count})`,
  )
  for (const [where, { visible, sounded }] of [
    ['one in a browser here, the others read elsewhere', apart],
    ['all in one browser, which shares the cores with the gateway', together],
  ] as const) {
    print(
      `- ${scale.consoles} consoles, ${where}, ${scale.alarmsPerSecond} alarms/s for ${scale.seconds} s: ` +
        `on disk → visible ${wait(visible)}; → sounding ${wait(sounded)}`,
    )
  }
  print(
    `- ${scale.open} open alarms: longest task ${longestTask.scrollingMs.toFixed(0)} ms while scrolling, ` +
      `${longestTask.newAlarmMs.toFixed(0)} ms on a new alarm (0: none above 50)`,
  )
  print(
    `- ${heap.alarms} alarms come and gone: heap of the console ${mebi(heap.beforeBytes)} before, ` +
      `${mebi(heap.afterBytes)} after`,
  )
}

const machine = () => ({
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: availableParallelism(),
  memoryBytes: totalmem(),
  node: process.version,
  kernel: release(),
  /** Of the last minute, before anything of ours ran. */
  load: loadavg()[0],
})

const readRows = (only: string | undefined): readonly RowName[] => {
  if (only === undefined) return rowNames
  return only.split(',').map(text => {
    const name = rowNames.find(known => known === text.trim())
    if (name === undefined)
      throw new Error(`--only: there is no row "${text}"; known: ${rowNames.join(', ')}`)
    return name
  })
}

const run = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      quick: { type: 'boolean', default: false },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    print(help)
    return
  }
  const wanted = readRows(values.only)
  const facts = machine()
  print(
    `${facts.cores} cores (${facts.cpu}), ${mebi(facts.memoryBytes)}, Node ${facts.node}, Linux ${facts.kernel}, ` +
      `load ${facts.load?.toFixed(1)} before`,
  )
  print(
    `${values.quick ? 'Quick run: small numbers, not for publishing.' : 'Load and servers share the machine.'}\n`,
  )
  const report: Report = { figures: { machine: facts, quick: values.quick }, shortfalls: [] }
  const scale = values.quick ? quick : full
  await reportAlarms(wanted, scale, report)
  await reportRest(wanted, scale, report)
  if (wanted.includes('web')) await reportWeb(scale.web, report)
  await reportSensors(row => wanted.includes(row), scale.sensors, report, print)
  print(report.shortfalls.length === 0 ? '\nEvery target of these rows was met.' : '\nShort of the targets:')
  for (const shortfall of report.shortfalls) print(`- ${shortfall}`)
  if (values.json !== undefined) {
    await writeFile(
      values.json,
      `${JSON.stringify({ ...report.figures, shortfalls: report.shortfalls }, null, 2)}\n`,
    )
  }
}

await run()
