/** Node-RED as a peer: the same job as a flow, on a mosquitto. Installed when it is first wanted. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { LoadTown } from '../support/load-town.ts'
import { awaitLine } from './await-line.ts'
import { endChild, type Peer } from './mosquitto.ts'
import { pidOf } from './process-usage.ts'

const peers = fileURLToPath(new URL('peers', import.meta.url))
const program = join(peers, 'node_modules/node-red/red.js')

const install = async (): Promise<void> => {
  if (existsSync(program)) return
  const words = ['ci', '--prefix', peers, '--no-audit', '--no-fund']
  const npm = spawn('npm', words, { stdio: ['ignore', 'inherit', 'inherit'] })
  await once(npm, 'exit')
  if (npm.exitCode !== 0) throw new Error(`npm ci for Node-RED ended with ${npm.exitCode}`)
}

/** `sos` to the nearest point and a file that is flushed; measurements to a file. */
const flows = { alarms: 'flow.json', measurements: 'measure-flow.json' } as const

type Work = {
  readonly flow: keyof typeof flows
  readonly town: Pick<LoadTown, 'points' | 'homes'>
}

/** `journal`: the file that the flow appends to, a line a message. */
export type NodeRed = Peer & { readonly pid: number; readonly journal: string }

/** Rejects when it cannot be installed or does not reach the broker. */
export const startNodeRed = async (
  directory: string,
  brokerUrl: string,
  { flow, town }: Work,
): Promise<NodeRed> => {
  await install()
  const userDir = join(directory, 'node-red')
  await mkdir(userDir, { recursive: true })
  const townFile = join(userDir, 'town.json')
  const journal = join(userDir, 'journal.jsonl')
  const { points, homes } = town
  await writeFile(
    townFile,
    JSON.stringify({ points, homes: Object.fromEntries(homes.map(h => [h.device, h])) }),
  )
  const child = spawn(
    process.execPath,
    [program, '--userDir', userDir, '--settings', join(peers, 'settings.cjs')],
    {
      env: {
        PATH: process.env['PATH'],
        HOME: userDir,
        BENCH_TOWN: townFile,
        BENCH_FLOW: flows[flow],
        BENCH_JOURNAL: journal,
        BENCH_MQTT_PORT: new URL(brokerUrl).port,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  await awaitLine(child, child.stdout, /Connected to broker/)
  return { url: brokerUrl, pid: pidOf(child), journal, stop: () => endChild(child) }
}
