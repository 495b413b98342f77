/** The broker of the other tests, by TLS, and a client that shows what it is told to. */
import { Buffer } from 'node:buffer'
import type { Socket } from 'node:net'
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt'
import { onTestFinished } from 'vitest'
import type { BrokerHooks, BrokerLimits, BrokerTls, Credentials } from '../../../broker/types.ts'
import { openTlsFiles } from '../../../gateway/kit/tls-files.ts'
import { createVirtualClock } from '../../support/virtual-clock.ts'
import { startBroker } from '../broker/support.ts'
import { type Authority, createAuthority, type Pair, readPair } from './certificates.ts'

type Options = {
  readonly clientCertificates?: BrokerTls['clientCertificates']
  readonly hooks?: Partial<BrokerHooks>
  readonly limits?: Partial<BrokerLimits>
}

const silent = { info: () => {}, warn: () => {}, error: () => {} }

/** Whom a certificate names needs no password; everybody else's is `secret`. */
const authenticate = ({ certificateName, username, password }: Credentials) => {
  if (certificateName !== undefined) return certificateName
  const knows = password !== undefined && Buffer.from(password).toString() === 'secret'
  return knows && username !== undefined ? username : ({ refused: 'not-authenticated' } as const)
}

export const startSecureBroker = async ({ clientCertificates = 'off', hooks, limits }: Options = {}) => {
  const authority: Authority = await createAuthority()
  const pair = await authority.issue('server')
  const clock = createVirtualClock(Date.now())
  const files = openTlsFiles({ ...pair, caFile: authority.certFile, listener: 'mqtt', clock, log: silent })
  onTestFinished(files.close)
  const seen: Credentials[] = []
  const recorded = await startBroker({
    hooks: {
      authenticate: credentials => {
        seen.push(credentials)
        return authenticate(credentials)
      },
      ...hooks,
    },
    ...(limits && { limits }),
  })
  const { serve } = files
  const securePort = await recorded.broker.listen('127.0.0.1', 0, { clientCertificates, serve })
  const ca = (await readPair(authority)).cert

  const connect = async (options: IClientOptions & { readonly pair?: Pair } = {}): Promise<MqttClient> => {
    const { pair: shown, ...rest } = options
    const client = await connectAsync(`mqtts://127.0.0.1:${securePort}`, {
      ca,
      reconnectPeriod: 0,
      ...(shown && (await readPair(shown))),
      ...rest,
    })
    onTestFinished(() => client.endAsync(true))
    return client
  }
  return { ...recorded, authority, pair, files, securePort, ca, seen, connect }
}

export const closed = async (connection: MqttClient | Socket): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<void>()
  // Each of the two has an event of its own of this name.
  if ('stream' in connection) connection.once('close', () => resolve())
  else connection.once('close', () => resolve())
  await promise
}
