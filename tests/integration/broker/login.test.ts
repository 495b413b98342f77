import { Buffer } from 'node:buffer'
import { execFile } from 'node:child_process'
import { connectAsync } from 'mqtt'
import { generate } from 'mqtt-packet'
import { describe, expect, it } from 'vitest'
import { maxConnectionsPerIdentity } from '../../../broker/sessions.ts'
import { connectPacket, loggedIn, publishPacket, rawClient, startBroker, subscriber } from './support.ts'

/** The exit code and what it prints to people. */
const mosquittoPub = (port: number, ...more: string[]) =>
  new Promise<{ code: number; said: string }>(resolve => {
    const args = [
      '-h',
      '127.0.0.1',
      '-p',
      String(port),
      '-u',
      'a',
      '-P',
      'secret',
      '-t',
      'a/event',
      '-m',
      'sos',
    ]
    const child = execFile('mosquitto_pub', [...args, '-q', '1', ...more], (_error, _out, said) =>
      resolve({ code: child.exitCode ?? -1, said }),
    )
  })

const connack = async (port: number, ...connect: Parameters<typeof connectPacket>) => {
  const client = await rawClient(port)
  client.send(connectPacket(...connect))
  const answer = await client.next('connack')
  return { client, returnCode: answer.returnCode, sessionPresent: answer.sessionPresent }
}

describe('the login', () => {
  it.each(['mqttv31', 'mqttv311'])('lets mosquitto_pub in with %s', async version => {
    const { port, messages } = await startBroker()
    expect(await mosquittoPub(port, '-V', version)).toEqual({ code: 0, said: '' })
    expect(messages).toMatchObject([{ identity: 'a', topic: 'a/event', qos: 1, retain: false }])
  })

  it('refuses MQTT 5 in words that mosquitto_pub and MQTT.js understand', async () => {
    const { port, broker } = await startBroker()
    expect((await mosquittoPub(port, '-V', '5')).said).toContain('Unsupported Protocol Version')
    const five = connectAsync({
      host: '127.0.0.1',
      port,
      protocolVersion: 5,
      username: 'a',
      password: 'secret',
      reconnectPeriod: 0,
    })
    await expect(five).rejects.toThrow('Unsupported Protocol Version')
    expect(broker.refusals.get('unsupported-protocol')).toBe(2)
  })

  it('answers an unknown protocol level with return code 1 [MQTT-3.1.2-2], also byte by byte', async () => {
    const { port } = await startBroker()
    const connect = generate(connectPacket('a'))
    connect.writeUInt8(6, connect.indexOf('MQTT') + 4)
    const client = await rawClient(port)
    for (const byte of connect) client.send(Buffer.from([byte]))
    await client.closed
    expect(client.bytes()).toEqual(Buffer.from([0x20, 0x02, 0x00, 0x01]))
  })

  it('answers a wrong secret with return code 4, and nobody with 5, and closes', async () => {
    const { port, broker, life } = await startBroker()
    const wrong = await connack(port, 'a', { password: Buffer.from('guess') })
    const nobody = await rawClient(port)
    nobody.send({ cmd: 'connect', clientId: 'x', clean: true, keepalive: 60 })
    expect(wrong.returnCode).toBe(4)
    expect((await nobody.next('connack')).returnCode).toBe(5)
    await Promise.all([wrong.client.closed, nobody.closed])
    expect(broker.refusals.get('not-authenticated')).toBe(2)
    expect(life).toEqual([])
  })

  it('never promises a session: what is owed lives in the journal', async () => {
    const { port, broker } = await startBroker()
    const before = await subscriber(port, 'a')
    before.socket.destroy()
    await before.closed
    const after = await connack(port, 'a', { clean: false })
    expect(after).toMatchObject({ returnCode: 0, sessionPresent: false })
    expect(await broker.publish('a', 'a/feedback', 'x')).toBe('not-connected')
  })

  it('lets the same client of the same identity take over [MQTT-3.1.4-2] without a sign of absence', async () => {
    const { port, broker, life, messages } = await startBroker()
    const will = { topic: 'a/status', payload: Buffer.from('gone'), qos: 1, retain: false } as const
    const old = await loggedIn(port, 'a', { will })
    const young = await loggedIn(port, 'a')
    expect(messages).toMatchObject([{ topic: 'a/status', qos: 1 }])
    await old.closed
    young.send(publishPacket('a/event', 'still here', 1))
    await young.next('puback')
    expect(life).toEqual(['connected a', 'connected a'])
    expect(broker.isConnected('a')).toBe(true)
    expect(broker.refusals.get('superseded')).toBe(1)
  })

  it('tells of the new connection after the will of the one it takes over: who is there was heard of last', async () => {
    const told: string[] = []
    const { port } = await startBroker({
      hooks: {
        onConnected: identity => told.push(`connected ${identity}`),
        onMessage: async ({ topic }) => {
          told.push(topic)
          return true
        },
      },
    })
    const will = { topic: 'a/status', payload: Buffer.from('gone'), qos: 1, retain: false } as const
    await loggedIn(port, 'a', { will })
    await loggedIn(port, 'a')
    expect(told).toEqual(['connected a', 'a/status', 'connected a'])
  })

  it('lets nobody close another identity by its client id', async () => {
    const { port, broker } = await startBroker()
    const victim = await loggedIn(port, 'a', { clientId: 'same' })
    await loggedIn(port, 'b', { clientId: 'same' })
    victim.send(publishPacket('a/event', 'sos', 1))
    await victim.next('puback')
    expect(broker.connections).toBe(2)
  })

  it('bounds the connections of one identity by closing the oldest', async () => {
    const { port, broker, life } = await startBroker()
    const oldest = await loggedIn(port, 'a', { clientId: 'oldest' })
    for (let count = 1; count < maxConnectionsPerIdentity; count += 1) {
      await loggedIn(port, 'a', { clientId: `other-${count}` })
    }
    expect(broker.connections).toBe(maxConnectionsPerIdentity)
    await loggedIn(port, 'a', { clientId: 'newest' })
    await oldest.closed
    expect(life).not.toContain('disconnected a')
  })

  it('tells once when the last connection of an identity has gone', async () => {
    const { port, life, until } = await startBroker()
    const first = await loggedIn(port, 'a', { clientId: '1' })
    const second = await loggedIn(port, 'a', { clientId: '2' })
    first.socket.destroy()
    await first.closed
    second.send({ cmd: 'disconnect' })
    await until(() => life.length === 3)
    expect(life).toEqual(['connected a', 'connected a', 'disconnected a'])
  })

  it('refuses a will that its owner may not publish, before anything else', async () => {
    const { port, broker, messages } = await startBroker()
    const will = { topic: 'b/status', payload: Buffer.from('{}'), qos: 0, retain: false } as const
    const { client, returnCode } = await connack(port, 'a', { will })
    expect(returnCode).toBe(5)
    await client.closed
    expect(broker.refusals.get('publish-not-allowed')).toBe(1)
    expect(messages).toEqual([])
  })

  it('that is locked is told that it may come again, which a wrong one is not', async () => {
    const { port, broker } = await startBroker({ hooks: { authenticate: () => ({ refused: 'locked' }) } })
    const { client, returnCode } = await connack(port, 'a')
    expect(returnCode).toBe(3)
    await client.closed
    expect(broker.refusals.get('locked')).toBe(1)
    expect(broker.refusals.get('not-authenticated')).toBe(0)
  })

  it('survives hooks that throw: each is a refusal, and the next client is served', async () => {
    const throwing = (name: string) => {
      if (name === 'bug') throw new Error('a bug')
    }
    const { port, errors } = await startBroker({
      hooks: {
        authenticate: ({ username }) => {
          throwing(username ?? '')
          return username ?? ''
        },
        mayPublish: (_identity, { topic }) => {
          throwing(topic.split('/')[1] ?? '')
          return true
        },
        onMessage: async ({ topic }) => {
          throwing(topic.split('/')[2] ?? '')
          return true
        },
      },
    })
    expect((await connack(port, 'bug')).returnCode).toBe(4)
    for (const topic of ['a/bug', 'a/event/bug']) {
      const client = await loggedIn(port, 'a')
      client.send(publishPacket(topic, 'x', 1))
      await client.closed
    }
    expect(await mosquittoPub(port)).toEqual({ code: 0, said: '' })
    expect(errors).toHaveLength(4)
  })

  it('closes within two seconds whatever is open, and no will fires because of it', async () => {
    const { port, broker, messages, until } = await startBroker({
      hooks: { onMessage: () => new Promise(() => {}) },
    })
    const will = { topic: 'a/status', payload: Buffer.from('gone'), qos: 1, retain: false } as const
    const clients = [await rawClient(port), await loggedIn(port, 'a', { will }), await subscriber(port, 'b')]
    clients[1]?.send(publishPacket('a/event', 'never settled', 1))
    await until(() => messages.length === 1)
    const started = performance.now()
    await broker.close()
    expect(performance.now() - started).toBeLessThan(2_000)
    await Promise.all(clients.map(({ closed }) => closed))
    expect(messages).toHaveLength(1)
  })
})
