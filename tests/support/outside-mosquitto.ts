/** Debian's mosquitto with the configuration that is shipped for an outside broker, on a port of its own. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { freePort } from './free-port.ts'

const run = promisify(execFile)
const configuration = join(import.meta.dirname, '../../broker/mosquitto')

export const outsidePassword = 'secret'

export type OutsideMosquitto = {
  readonly port: number
  start(): Promise<void>
  stop(): Promise<void>
  /** After the last stop. */
  remove(): Promise<void>
}

/** The files as they are; only the listener is another, and mosquitto stays root where the tests are. */
export const prepareMosquitto = async (users: readonly string[]): Promise<OutsideMosquitto> => {
  const directory = await mkdtemp(join(tmpdir(), 'anling-mosquitto-'))
  await cp(configuration, directory, { recursive: true })
  await mkdir(join(directory, 'data'))
  await writeFile(join(directory, 'passwd'), '')
  for (const user of users) {
    await run('mosquitto_passwd', ['-b', join(directory, 'passwd'), user, outsidePassword])
  }
  const port = await freePort()
  const user = process.getuid?.() === 0 ? 'user root\n' : ''
  await writeFile(join(directory, 'conf.d/listener.conf'), `listener ${port} 127.0.0.1\n${user}`)

  const launch = async () => {
    const child = spawn('/usr/sbin/mosquitto', ['-c', 'mosquitto.conf', '-v'], { cwd: directory })
    for await (const line of createInterface({ input: child.stderr })) {
      if (!line.includes('running')) continue
      // It goes on telling, and would stand still with a full pipe.
      child.stderr.resume()
      return child
    }
    throw new Error('mosquitto did not start')
  }
  let running: Awaited<ReturnType<typeof launch>> | undefined
  return {
    port,
    async start() {
      running = await launch()
    },
    async stop() {
      if (!running) return
      running.kill('SIGTERM')
      await once(running, 'exit')
      running = undefined
    },
    remove: () => rm(directory, { recursive: true }),
  }
}
