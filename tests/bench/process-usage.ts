/** What a process of ours has used, as Linux counts it. */
import type { ChildProcess } from 'node:child_process'
import { readFile } from 'node:fs/promises'

export const pidOf = ({ pid }: ChildProcess): number => {
  if (pid === undefined) throw new Error('a process that runs has an id')
  return pid
}

/** `USER_HZ` of Linux on every machine that this runs on. */
const ticksPerSecond = 100

/** User and system time of all its threads since its start, in seconds. */
export const cpuSeconds = async (pid: number): Promise<number> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  // After the name, which may hold anything: fields 14 and 15 of proc_pid_stat(5) are the 12th and 13th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
}

/** The most that was ever resident of it. */
export const peakResidentBytes = async (pid: number): Promise<number> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024
}

export type Used = { readonly seconds: number; readonly cpuPercent: number }

/** Share of one core while the work lasts. */
export const whileUsing = async <T>(pid: number, work: () => Promise<T>): Promise<Used & { result: T }> => {
  const [startedAt, before] = [performance.now(), await cpuSeconds(pid)]
  const result = await work()
  const seconds = (performance.now() - startedAt) / 1000
  return { result, seconds, cpuPercent: (((await cpuSeconds(pid)) - before) / seconds) * 100 }
}
