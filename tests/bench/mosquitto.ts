/** Debian's mosquitto as a peer: no delay on its sockets, no bound on its queues, no password. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from '../support/free-port.ts'
import { awaitLine } from './await-line.ts'

const configuration = (port: number): string => `
listener ${port} 127.0.0.1
allow_anonymous true
set_tcp_nodelay true
persistence false
max_inflight_messages 0
max_queued_messages 0
`

export type Peer = { readonly url: string; readonly stop: () => Promise<void> }

export const endChild = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  await once(child, 'exit')
}

/** Rejects when mosquitto is not installed or does not start. */
export const startMosquitto = async (directory: string): Promise<Peer> => {
  const port = await freePort()
  const file = join(directory, 'mosquitto.conf')
  await writeFile(file, configuration(port))
  const child = spawn('mosquitto', ['-c', file], { stdio: ['ignore', 'ignore', 'pipe'] })
  await awaitLine(child, child.stderr, / running$/)
  return { url: `mqtt://127.0.0.1:${port}`, stop: () => endChild(child) }
}
