import { once } from 'node:events'
import { rename } from 'node:fs/promises'
import { connect as connectPlain, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectTls } from 'node:tls'
import { describe, expect, it, onTestFinished } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { loggedIn, publishPacket } from '../broker/support.ts'
import { createAuthority, readPair } from './certificates.ts'
import { closed, startSecureBroker } from './support.ts'

const secret = { username: 'a', password: 'secret' }

/** A handshake and nothing else. */
const shakeHands = async (port: number, options: ConnectionOptions) => {
  const socket = connectTls({ port, host: '127.0.0.1', ...options })
  onTestFinished(() => void socket.destroy())
  await once(socket, 'secureConnect')
  return socket
}

describe('MQTT over TLS', () => {
  it('takes a call and brings the answer back, beside the plain way in', async () => {
    const { broker, port, connect, messages, until, life } = await startSecureBroker()
    const client = await connect(secret)
    await client.subscribeAsync('a/feedback', { qos: 1 })
    const heard = new Promise<string>(resolve => {
      client.once('message', (_topic, payload) => resolve(payload.toString()))
    })
    await client.publishAsync('a/event', 'sos', { qos: 1 })
    await until(() => life.includes('subscribed a a/feedback'))
    expect(await broker.publish('a', 'a/feedback', 'accepted')).toBe('acknowledged')
    expect(await heard).toBe('accepted')

    const plain = await loggedIn(port, 'b')
    plain.send(publishPacket('b/event', 'sos', 1))
    await plain.next('puback')
    expect(messages.map(({ topic }) => topic)).toEqual(['a/event', 'b/event'])
  })

  it('refuses what is older than TLS 1.2', async () => {
    const { broker, securePort, ca } = await startSecureBroker()
    const old = { ca, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' } as const
    await expect(shakeHands(securePort, old)).rejects.toThrow()
    await expect.poll(() => broker.refusals.get('tls-handshake')).toBe(1)
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      const socket = await shakeHands(securePort, { ca, minVersion: version, maxVersion: version })
      expect(socket.getProtocol()).toBe(version)
    }
  })

  it('counts what is no TLS, and what hangs up or breaks off on the way, and harms nobody else', async () => {
    const { broker, securePort, connect } = await startSecureBroker()
    const witness = await connect(secret)
    const speak = async (bytes: string, end: (socket: Socket) => void) => {
      const socket = connectPlain(securePort, '127.0.0.1')
      socket.on('error', () => {})
      await once(socket, 'connect')
      socket.write(Buffer.from(bytes, 'latin1'))
      end(socket)
      if (!socket.destroyed) await closed(socket)
    }
    await speak('\x10\x0cno TLS at all', () => {})
    await speak('\x16\x03\x01', socket => socket.end())
    await speak('\x16\x03\x01', socket => socket.resetAndDestroy())
    await expect.poll(() => broker.refusals.get('tls-handshake')).toBe(3)
    await expect.poll(() => broker.connections).toBe(1)
    await witness.publishAsync('a/event', 'sos', { qos: 1 })
  })

  it('counts a handshake that does not end in time as a login that does not', async () => {
    const { broker, securePort } = await startSecureBroker({ limits: { connectTimeoutMs: 100 } })
    const mute = connectPlain(securePort, '127.0.0.1')
    await closed(mute.resume())
    expect(broker.refusals.get('connect-timeout')).toBe(1)
    await expect.poll(() => broker.connections).toBe(0)
  })

  it('counts who connects before the handshake, and forgets them when they leave', async () => {
    const { broker, securePort, connect } = await startSecureBroker({ limits: { maxPendingPerAddress: 2 } })
    const mute = [connectPlain(securePort, '127.0.0.1'), connectPlain(securePort, '127.0.0.1')]
    await eventually('both counted', () => (broker.connections === 2 ? true : undefined))
    const third = connectPlain(securePort, '127.0.0.1')
    await closed(third.resume())
    expect(broker.refusals.get('too-many-connections-from-address')).toBe(1)
    for (const socket of mute) socket.destroy()
    await eventually('both gone', () => (broker.connections === 0 ? true : undefined))
    await connect(secret)
    expect(broker.connections).toBe(1)
  })

  it('renews its certificate without ending a connection', async () => {
    const { files, pair, authority, securePort, connect, ca } = await startSecureBroker()
    const staying = await connect(secret)
    const before = (await shakeHands(securePort, { ca })).getPeerCertificate().serialNumber
    const next = await authority.issue('server')
    await rename(next.keyFile, pair.keyFile)
    await rename(next.certFile, pair.certFile)
    files.look()
    expect((await shakeHands(securePort, { ca })).getPeerCertificate().serialNumber).not.toBe(before)
    await staying.publishAsync('a/event', 'sos', { qos: 1 })
  })

  it('ends all of one identity’s connections on demand, and takes not even their wills', async () => {
    const { broker, connect, life, messages } = await startSecureBroker()
    const will = { topic: 'a/event', payload: Buffer.from('sos'), qos: 1 as const, retain: false }
    const stolen = [await connect({ ...secret, will }), await connect({ ...secret, will })]
    const other = await connect({ username: 'b', password: 'secret' })
    const ended = stolen.map(closed)
    broker.disconnect('a')
    expect(broker.isConnected('a')).toBe(false)
    await Promise.all(ended)
    expect(life.filter(what => what === 'disconnected a')).toHaveLength(1)
    await other.publishAsync('b/event', 'sos', { qos: 1 })
    expect(messages.map(({ topic }) => topic)).toEqual(['b/event'])
    expect(broker.refusals.get('dismissed')).toBe(2)
  })
})

describe('a client’s certificate', () => {
  it('is not asked for where they are off', async () => {
    const { connect, authority, seen } = await startSecureBroker()
    await connect({ ...secret, pair: await authority.issue('a') })
    expect(seen).toMatchObject([{ username: 'a', certificateName: undefined }])
  })

  it.each(['optional', 'required'] as const)('of our own authority names a device: %s', async mode => {
    const { connect, authority, messages } = await startSecureBroker({ clientCertificates: mode })
    const client = await connect({ pair: await authority.issue('btn-0001') })
    await client.publishAsync('btn-0001/event', 'sos', { qos: 1 })
    expect(messages).toMatchObject([{ identity: 'btn-0001' }])
  })

  it('of strangers counts for nothing where it is optional', async () => {
    const { connect, seen, broker } = await startSecureBroker({ clientCertificates: 'optional' })
    const stranger = await createAuthority('stranger')
    const pair = await stranger.issue('btn-0001')
    await connect({ ...secret, pair })
    await expect(connect({ pair, username: 'btn-0001' })).rejects.toThrow()
    expect(seen.map(({ certificateName }) => certificateName)).toEqual([undefined, undefined])
    expect(broker.refusals.get('not-authenticated')).toBe(1)
  })

  it('is refused where it is required and of strangers, of itself, or missing', async () => {
    const { securePort, ca, broker, seen } = await startSecureBroker({ clientCertificates: 'required' })
    const stranger = await createAuthority('stranger')
    const issued = await stranger.issue('btn-0001')
    for (const shown of [await readPair(issued), await readPair(stranger), {}]) {
      const socket = await shakeHands(securePort, { ca, ...shown })
      await closed(socket.resume())
    }
    await expect.poll(() => broker.refusals.get('client-certificate')).toBe(3)
    expect(seen).toEqual([])
    await expect.poll(() => broker.connections).toBe(0)
  })

  it('with several common names names nobody', async () => {
    const { connect, authority, seen } = await startSecureBroker({ clientCertificates: 'optional' })
    const pair = await authority.issue('btn-0001/CN=btn-0002')
    await expect(connect({ ...secret, pair })).resolves.toBeDefined()
    expect(seen).toMatchObject([{ certificateName: '' }])
  })
})
