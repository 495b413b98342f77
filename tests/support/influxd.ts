/** Debian's InfluxDB 1.6 on a port of its own, with its files in a directory of the test's. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from './free-port.ts'
import { type ServerProcess, serverProcess } from './server-process.ts'

export type Influxd = ServerProcess & {
  /** Runs an InfluxQL statement and answers its rows, time in ms first. */
  ask(statement: string): Promise<readonly (readonly unknown[])[]>
}

export const database = 'telemetry'
export const userAndPassword = 'anling:a secret'

type Answer = {
  readonly results: readonly {
    readonly error?: string
    readonly series?: readonly { readonly values: readonly (readonly unknown[])[] }[]
  }[]
}

const configuration = (directory: string, port: number, isLocked: boolean): string => `
reporting-disabled = true
bind-address = "127.0.0.1:0"
[meta]
  dir = "${join(directory, 'meta')}"
[data]
  dir = "${join(directory, 'data')}"
  wal-dir = "${join(directory, 'wal')}"
[monitor]
  store-enabled = false
[http]
  bind-address = "127.0.0.1:${port}"
  auth-enabled = ${isLocked}
`

/** `isLocked`: it takes nothing without the user, once `CREATE USER … WITH ALL PRIVILEGES` has been asked. */
export const prepareInfluxd = async (parent: string, isLocked = false): Promise<Influxd> => {
  const directory = join(parent, 'influxd')
  await mkdir(directory)
  const port = await freePort()
  const file = join(directory, 'influxdb.conf')
  await writeFile(file, configuration(directory, port, isLocked))
  const server = serverProcess({
    program: '/usr/bin/influxd',
    arguments: ['-config', file],
    port,
    healthPath: '/ping',
  })
  return {
    ...server,
    async ask(statement) {
      const response = await fetch(`${server.url}/query?db=${database}&epoch=ms`, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          authorization: `Basic ${Buffer.from(userAndPassword).toString('base64')}`,
        },
        body: new URLSearchParams({ q: statement }).toString(),
      })
      const answer: Answer = JSON.parse(await response.text())
      const [result] = answer.results
      if (result?.error !== undefined) throw new Error(result.error)
      return result?.series?.flatMap(({ values }) => values) ?? []
    },
  }
}
