import { expect, it } from 'vitest'
import { connectPacket, loggedIn, publishPacket, type RawClient, rawClient, startBroker } from './support.ts'

const crowdSize = 300

/** Of the event loop, from now on: broker and test share it. */
const countTurns = () => {
  const turns = { now: 0, stop: () => clearImmediate(next) }
  const count = (): void => {
    turns.now += 1
    next = setImmediate(count)
  }
  let next = setImmediate(count)
  return turns
}

const mostAtOnce = (turns: readonly number[]): number => {
  const counts = new Map<number, number>()
  for (const turn of turns) counts.set(turn, (counts.get(turn) ?? 0) + 1)
  return Math.max(...counts.values())
}

it.each([
  ['hangs up', ({ socket }: RawClient) => socket.destroy()],
  ['breaks off', ({ socket }: RawClient) => socket.resetAndDestroy()],
])(
  'a crowd that comes at once and %s at once is served by turns, and a call goes in between',
  async (_how, end) => {
    const turns = countTurns()
    const [came, left]: [number[], number[]] = [[], []]
    const { port, broker, until, messages } = await startBroker({
      limits: { maxConnections: 1_000, maxConnectionsPerAddress: 1_000, maxPendingPerAddress: 1_000 },
      hooks: {
        onConnected: () => came.push(turns.now),
        onDisconnected: () => left.push(turns.now),
      },
    })
    const caller = await loggedIn(port, 'caller')
    const crowd: RawClient[] = await Promise.all(Array.from({ length: crowdSize }, () => rawClient(port)))
    for (const [index, client] of crowd.entries()) client.send(connectPacket(`c${index}`))
    await Promise.all(crowd.map(client => client.next('connack')))
    expect(came).toHaveLength(crowdSize + 1)
    expect(mostAtOnce(came)).toBeLessThanOrEqual(10)

    crowd.forEach(end)
    caller.send(publishPacket('caller/event', 'sos', 1))
    await until(() => messages.length === 1)
    const leftBefore = left.length
    await Promise.all(crowd.map(client => client.closed))
    await expect.poll(() => broker.connections).toBe(1)
    turns.stop()
    expect(left).toHaveLength(crowdSize)
    expect(leftBefore).toBeLessThan(crowdSize / 2)
    expect(mostAtOnce(left)).toBeLessThanOrEqual(24)
  },
)
