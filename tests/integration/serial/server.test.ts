import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { type LineUnderTest, lineUnderTest, longestRetryMs } from './line-under-test.ts'

const open: (() => void)[] = []
afterEach(() => {
  for (const close of open.splice(0)) close()
})

type DeviceServer = { readonly url: string; readonly port: number; readonly sockets: Socket[]; stop(): void }

const deviceServer = async (port = 0): Promise<DeviceServer> => {
  const sockets: Socket[] = []
  const server: Server = createServer({ allowHalfOpen: true }, socket => {
    socket.on('error', () => {})
    sockets.push(socket)
  }).listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const stop = () => {
    server.close()
    for (const socket of sockets) socket.destroy()
  }
  open.push(stop)
  return { url: `tcp://127.0.0.1:${address.port}`, port: address.port, sockets, stop }
}

const lineTo = (url: string, overrides?: Parameters<typeof lineUnderTest>[1]): LineUnderTest => {
  const line = lineUnderTest(url, overrides)
  open.push(line.close)
  return line
}

const accepted = (server: DeviceServer, index = 0) => eventually('a connection', () => server.sockets[index])

describe('a serial device server', () => {
  test('carries bytes both ways', async () => {
    const server = await deviceServer()
    const line = lineTo(server.url)
    await line.told(1)
    const socket = await accepted(server)
    socket.write('from the radar')
    await eventually('its word', () => line.heard() === 'from the radar' || undefined)
    line.write(Buffer.from('to the radar'))
    const [heard] = await once(socket, 'data')
    expect(String(heard)).toBe('to the radar')
  })

  test('that goes away is lost, and is open again when it is back at the same address', async () => {
    const server = await deviceServer()
    const line = lineTo(server.url)
    await line.told(1)
    await accepted(server)
    server.stop()
    await line.told(2)
    expect(line.state()).toBe('lost')
    const again = await deviceServer(server.port)
    await line.told(3, longestRetryMs)
    const socket = await accepted(again)
    socket.write('back')
    await eventually('its word', () => line.heard() === 'back' || undefined)
    expect(line.story).toEqual(['open', 'lost', 'open'])
  })

  test('that half closes is lost at once', async () => {
    const server = await deviceServer()
    const line = lineTo(server.url)
    await line.told(1)
    const socket = await accepted(server)
    socket.end()
    await line.told(2)
    expect(line.story).toEqual(['open', 'lost'])
  })

  test('that does not answer in time is lost', async () => {
    const server = await deviceServer()
    const line = lineTo(server.url)
    // Before the network has had its turn.
    line.clock.advance(5_000)
    expect(line.story).toEqual(['lost'])
    await line.told(2, longestRetryMs)
    expect(line.story).toEqual(['lost', 'open'])
  })

  test('whose address names no port is lost, and nothing throws', async () => {
    const line = lineTo('tcp://nowhere')
    await line.told(1, 5_000)
    const nonsense = lineTo('tcp://')
    await nonsense.told(1, 5_000)
    expect([line.state(), nonsense.state()]).toEqual(['lost', 'lost'])
  })

  test('that hangs up on every call is tried ever more slowly, up to 15 s and a little by chance', async () => {
    const server = await deviceServer()
    const line = lineTo(server.url, { random: () => 0.5 })
    const pausesMs: number[] = []
    for (let round = 0; round < 7; round += 1) {
      await line.told(2 * round + 1)
      const socket = await accepted(server, round)
      socket.destroy()
      await line.told(2 * round + 2)
      const lostAt = line.clock.now()
      await line.told(2 * round + 3, 550)
      pausesMs.push(line.clock.now() - lostAt)
    }
    const plannedMs = [550, 1_100, 2_200, 4_400, 8_800, 16_500, 16_500]
    for (const [round, plannedPauseMs] of plannedMs.entries()) {
      expect(pausesMs[round]).toBeGreaterThanOrEqual(plannedPauseMs)
    }
  })
})

describe('a line with two wires', () => {
  test('keeps quiet for the turnaround after the last byte heard, and not before the first', async () => {
    const server = await deviceServer()
    const line = lineTo(server.url, { turnaroundMs: 20 })
    await line.told(1)
    const socket = await accepted(server)
    let answer = ''
    socket.on('data', data => {
      answer += data.toString()
    })
    line.write(Buffer.from('first'))
    await eventually('a word without a pause', () => answer === 'first' || undefined)

    socket.write('a')
    await eventually('a', () => line.heard() === 'a' || undefined)
    line.write(Buffer.from('second'))
    line.clock.advance(15)
    socket.write('b')
    await eventually('b', () => line.heard() === 'ab' || undefined)
    line.clock.advance(19)
    // A word on another connection has gone there and back: this one would have, too.
    const witness = connect(server.port, '127.0.0.1')
    await accepted(server, 1)
    witness.destroy()
    expect(answer).toBe('first')
    expect(line.counters().bytesOut).toBe(5)
    line.clock.advance(1)
    await eventually('the answer', () => answer === 'firstsecond' || undefined)
  })
})
