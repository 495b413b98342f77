/** What was promised of sensors, held against what was measured. Each answers the sentences of what falls short. */
import type { Curve } from './curve-row.ts'
import type { Detect } from './detect-row.ts'
import type { Serial } from './serial-row.ts'
import { mebi, ms, over } from './targets.ts'
import { isHeld, type Telemetry } from './telemetry-rows.ts'

const percent = (value: number): string => `${value.toFixed(0)} %`

/** The first of `runs` is the one that was promised; the last is what was held, if anything was. */
export const telemetryShortfalls = (what: string, runs: readonly Telemetry[]): string[] => {
  const [wanted] = runs
  const last = runs.at(-1)
  if (!wanted || !last) return []
  const rate = wanted.load.ratePerSecond
  const name = `${rate} messages/s, ${what}`
  const held = isHeld(last) ? `held at ${last.load.ratePerSecond}/s` : 'not held at any rate that was tried'
  const { presses } = wanted
  return [
    ...(last === wanted && isHeld(wanted) ? [] : [`${name}: ${held}`]),
    ...over(`${name}, peak memory`, wanted.peakBytes, 500_000_000, mebi),
    ...over(`${name}, press → terminal p99`, presses.toTerminal.p99Ms, 5, ms),
    ...(presses.delivered < presses.sent
      ? [`${name}: ${presses.sent - presses.delivered} presses not delivered in time`]
      : []),
    ...runs.flatMap(({ load, onDisk, forwarded }) =>
      forwarded && forwarded.points !== onDisk
        ? [
            `${load.ratePerSecond} messages/s: ${forwarded.points} points in InfluxDB, ${onDisk} samples on disk`,
          ]
        : [],
    ),
  ]
}

export const serialShortfalls = ({ isStored, sent, counted, stored, cpuPercent }: Serial): string[] => {
  const name = `serial, ${isStored ? 'judged and stored' : 'read and counted'}`
  return [
    ...(counted === sent ? [] : [`${name}: ${counted} of ${sent} frames counted`]),
    ...(isStored && stored !== sent ? [`${name}: ${stored} of ${sent} samples stored`] : []),
    ...over(`${name}, one core`, cpuPercent, 30, percent),
  ]
}

export const detectShortfalls = ({ calm, allDue, homes }: Detect): string[] => [
  ...over(`a tick over ${homes} homes, p99`, calm.p99Ms, 50, ms),
  ...over(`a tick over ${homes} homes with every watch due, p99`, allDue.p99Ms, 50, ms),
]

export const curveShortfalls = ({ otherDevices, firstMs, again }: Curve): string[] => {
  const name = `a month's curve beside ${otherDevices} other devices`
  return [...over(`${name}, first`, firstMs, 100, ms), ...over(`${name}, again p50`, again.p50Ms, 100, ms)]
}
