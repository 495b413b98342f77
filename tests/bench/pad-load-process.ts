/** Plays bed pads: frames made by hand and PUBACKs read by hand, so that little of the machine goes into the load. */
import { setTimeout as pause } from 'node:timers/promises'
import { connectMqtt, type MqttClient, onPubacks, publishFrame } from '../support/mqtt-load.ts'
import { serve } from './child.ts'
import { localAddress, openAll, pace } from './fleet.ts'
import { PadJob, type PadResult } from './pad-load.ts'
import { percentiles } from './percentiles.ts'

/** Beyond, what has not been acknowledged counts as not acknowledged. */
const drainLimitMs = 60_000

const breaths = Array.from({ length: 32 }, (_, n) =>
  Buffer.from(
    JSON.stringify({
      heartRate: 58 + (n % 9),
      respirationRate: 12 + (n % 5),
      inBed: true,
      movement: n % 7,
      quality: 90 + (n % 8),
    }),
  ),
)

/** Message n is the n / pads-th of its pad, and its packet id is that number plus one: it is known by its PUBACK. */
const measurer = (clients: readonly MqttClient[], count: number) => {
  const sentAt = new Float64Array(count)
  const latencies = new Float64Array(count).fill(Number.NaN)
  const all = Promise.withResolvers<void>()
  const tally = { acknowledged: 0, lastAt: 0 }
  for (const [pad, client] of clients.entries()) {
    onPubacks(client.socket, id => {
      const message = (id - 1) * clients.length + pad
      tally.lastAt = performance.now()
      latencies[message] = tally.lastAt - (sentAt[message] ?? Number.NaN)
      tally.acknowledged++
      if (tally.acknowledged === count) all.resolve()
    })
  }
  return { sentAt, latencies, tally, all: all.promise }
}

const connectPads = ({ url, pads }: PadJob): Promise<MqttClient[]> =>
  openAll(pads, (pad, index) =>
    connectMqtt({
      url,
      clientId: pad.id,
      username: pad.id,
      password: pad.secret,
      localAddress: localAddress(index),
    }),
  )

await serve(PadJob, async job => {
  const { pads, count, ratePerSecond } = job
  const clients = await connectPads(job)
  const topics = pads.map(pad => Buffer.from(`anling/v1/${pad.id}/measure`))
  const { sentAt, latencies, tally, all } = measurer(clients, count)

  const send = (message: number): void => {
    const pad = message % pads.length
    const round = (message - pad) / pads.length
    const [topic, payload] = [topics[pad], breaths[(round + pad) % breaths.length]]
    if (!topic || !payload) throw new RangeError('no such pad')
    sentAt[message] = performance.now()
    clients[pad]?.socket.write(publishFrame(topic, round + 1, payload))
  }

  const work = async (): Promise<PadResult> => {
    const tookMs = await pace(count, ratePerSecond, send)
    const sentAllAt = performance.now()
    await Promise.race([all, pause(drainLimitMs, undefined, { ref: false })])
    return {
      sent: count,
      acknowledged: tally.acknowledged,
      achievedPerSecond: count / (tookMs / 1000),
      drainMs: Math.max(0, tally.lastAt - sentAllAt),
      toPuback: percentiles(latencies.filter(Number.isFinite)),
    }
  }
  return { ready: 'connected', work }
})
