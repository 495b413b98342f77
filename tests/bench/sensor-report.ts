/** The rows about sensors: runs those that are wanted, prints them, and says what falls short. */
import { measureCurve } from './curve-row.ts'
import { measureDetect } from './detect-row.ts'
import * as targets from './sensor-targets.ts'
import { measureSerial } from './serial-row.ts'
import { measureTelemetryPeer, type TelemetryPeer } from './telemetry-peer-row.ts'
import {
  isHeld,
  measureForwarding,
  measureTelemetry,
  type Telemetry,
  type TelemetryLoad,
} from './telemetry-rows.ts'

export const sensorRows = ['telemetry', 'forward', 'serial', 'detect', 'curve'] as const
export type SensorRow = (typeof sensorRows)[number]

export type SensorScale = {
  readonly telemetry: TelemetryLoad
  readonly serialSeconds: number
  readonly detectSeconds: number
  readonly otherDevices: number
}

type Report = { readonly figures: Record<string, unknown>; readonly shortfalls: string[] }
type Print = (line: string) => void
type Wanted = (row: SensorRow) => boolean

/** What is not held is tried again at these parts of the rate, until one is. */
const slower = [1, 0.75, 0.5, 0.35, 0.2, 0.1]

const ms = (value: number): string => (Number.isFinite(value) ? value.toFixed(2) : '–')
const mebi = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`
const row = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`

const micros = (used: { seconds: number; cpuPercent: number }, messages: number): string =>
  ((used.cpuPercent / 100) * used.seconds * (1e6 / messages)).toFixed(0)

const gatewayLine = (title: string, run: Telemetry): string => {
  const { load, pads, presses, onDisk, shed, peakBytes, used } = run
  return row([
    title,
    load.ratePerSecond,
    pads.achievedPerSecond.toFixed(0),
    `${pads.acknowledged}/${pads.sent}`,
    shed > 0 ? `${onDisk}, ${shed} shed` : onDisk,
    isHeld(run) ? 'yes' : `no, up to ${(pads.toPuback.maxMs / 1000).toFixed(1)} s behind`,
    ms(pads.toPuback.p50Ms),
    ms(pads.toPuback.p99Ms),
    ms(presses.toTerminal.p50Ms),
    ms(presses.toTerminal.p99Ms),
    ms(presses.toTerminal.maxMs),
    mebi(peakBytes),
    used.cpuPercent.toFixed(0),
    micros(used, pads.sent),
  ])
}

const peerLine = ({ load, pads, written, writtenPerSecond, peakBytes, used }: TelemetryPeer): string =>
  row([
    'mosquitto, Node-RED 5 and its file node',
    load.ratePerSecond,
    pads.achievedPerSecond.toFixed(0),
    `${pads.acknowledged}/${pads.sent}`,
    written,
    written === pads.sent ? `written at ${writtenPerSecond.toFixed(0)}/s` : `${pads.sent - written} lost`,
    ms(pads.toPuback.p50Ms),
    ms(pads.toPuback.p99Ms),
    '–',
    '–',
    '–',
    mebi(peakBytes),
    used.cpuPercent.toFixed(0),
    micros(used, pads.sent),
  ])

const head = [
  'row',
  'messages/s',
  'sent/s',
  'acknowledged/sent',
  'on disk',
  'held',
  'PUBACK p50 ms',
  'p99 ms',
  'press → terminal p50 ms',
  'p99 ms',
  'max ms',
  'peak memory',
  'CPU % of a core',
  'CPU µs a message',
]

/** The wanted rate, and below it the highest that is held. */
const untilHeld = async (
  load: TelemetryLoad,
  measure: (load: TelemetryLoad) => Promise<Telemetry>,
  tell: (run: Telemetry) => void,
): Promise<readonly Telemetry[]> => {
  const runs: Telemetry[] = []
  for (const part of slower) {
    const run = await measure({ ...load, ratePerSecond: Math.round(load.ratePerSecond * part) })
    runs.push(run)
    tell(run)
    if (isHeld(run)) break
  }
  return runs
}

const reportTelemetry = async (
  wanted: Wanted,
  load: TelemetryLoad,
  { figures, shortfalls }: Report,
  print: Print,
): Promise<void> => {
  if (!wanted('telemetry') && !wanted('forward')) return
  print(row(head))
  print(`|---|${'---:|'.repeat(head.length - 1)}`)
  if (wanted('telemetry')) {
    const runs = await untilHeld(load, measureTelemetry, run =>
      print(gatewayLine('Anling, local store', run)),
    )
    const peer = await measureTelemetryPeer(load)
    print(peerLine(peer))
    Object.assign(figures, { telemetry: runs, telemetryPeer: peer })
    shortfalls.push(...targets.telemetryShortfalls('local store', runs))
  }
  if (wanted('forward')) {
    const runs = await untilHeld(load, measureForwarding, run =>
      print(gatewayLine('Anling, local store and InfluxDB 1.6', run)),
    )
    figures['forward'] = runs
    shortfalls.push(...targets.telemetryShortfalls('with InfluxDB', runs))
    print('')
    for (const run of runs) print(forwardLine(run))
  }
  print(
    `\n${load.devices} bed pads, five values a message, QoS 1, for ${load.seconds} s; 20 presses/s from other buttons. The gateway`,
  )
  print(
    'acknowledges when a sample has been fsynced; mosquitto has acknowledged before Node-RED has seen the message, and the',
  )
  print(
    'file node does not flush. CPU is that of the gateway, or of Node-RED without mosquitto. Load, gateway and peers share the machine.\n',
  )
}

const forwardLine = ({ load, onDisk, forwarded }: Telemetry): string => {
  if (!forwarded) return ''
  const { lagAtEnd, caughtUpInMs, points, rejected } = forwarded
  const caughtUp = Number.isFinite(caughtUpInMs) ? `0 after ${(caughtUpInMs / 1000).toFixed(1)} s` : 'not 0'
  return (
    `- InfluxDB at ${load.ratePerSecond}/s: lag ${lagAtEnd} samples at the end of the load, ${caughtUp}; ` +
    `${points} points of ${onDisk} samples on disk, ${rejected} rejected`
  )
}

const reportSerial = async (seconds: number, report: Report, print: Print): Promise<void> => {
  const lines = 32
  for (const isStored of [false, true]) {
    const run = await measureSerial(lines, seconds, isStored)
    report.figures[isStored ? 'serial-stored' : 'serial'] = run
    report.shortfalls.push(...targets.serialShortfalls(run))
    const what = isStored
      ? `judged and stored (${run.stored} samples, ${run.shed} shed)`
      : 'read, checked and counted only (nobody has registered these devices)'
    print(
      `- serial, ${lines} lines at 115200 baud for ${seconds} s, ${what}: ${run.counted}/${run.sent} frames, ` +
        `${run.discardedBytes} bytes discarded, ${run.cpuPercent.toFixed(0)} % of one core`,
    )
  }
}

const reportDetect = async (seconds: number, report: Report, print: Print): Promise<void> => {
  const run = await measureDetect(10_000, seconds)
  report.figures['detect'] = run
  report.shortfalls.push(...targets.detectShortfalls(run))
  for (const [what, { p50Ms, p99Ms, maxMs }] of [
    ['a quiet night', run.calm],
    ['every watch due', run.allDue],
  ] as const)
    print(
      `- a tick over ${run.homes} homes (${run.watches} watches), ${what}: ` +
        `p50 ${ms(p50Ms)} ms, p99 ${ms(p99Ms)} ms, max ${ms(maxMs)} ms`,
    )
}

const reportCurve = async (others: number, report: Report, print: Print): Promise<void> => {
  for (const otherDevices of [0, others]) {
    const run = await measureCurve(30, otherDevices)
    report.figures[`curve-${otherDevices}`] = run
    report.shortfalls.push(...targets.curveShortfalls(run))
    print(
      `- a curve of ${run.points} points from ${run.days} day files with ${otherDevices} other devices: ` +
        `asked, answered and parsed the first time in ${ms(run.firstMs)} ms, again p50 ${ms(run.again.p50Ms)} ms, max ${ms(run.again.maxMs)} ms`,
    )
  }
}

export const reportSensors = async (
  wanted: Wanted,
  scale: SensorScale,
  report: Report,
  print: Print,
): Promise<void> => {
  await reportTelemetry(wanted, scale.telemetry, report, print)
  if (wanted('serial')) await reportSerial(scale.serialSeconds, report, print)
  if (wanted('detect')) await reportDetect(scale.detectSeconds, report, print)
  if (wanted('curve')) await reportCurve(scale.otherDevices, report, print)
}
