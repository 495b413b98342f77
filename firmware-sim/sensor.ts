/**
 * A device that speaks the native MQTT protocol: call button, bed pad, fall, smoke, door or motion sensor.
 * Takes: events, and what there is to measure. Gives: each event to the gateway until the gateway has acknowledged it;
 * measurements and status as long as there is a connection. Never does: forget an event, or send one under two ids.
 */
import { type Clock, every } from './clock.ts'
import {
  type DeviceEvent,
  type DeviceStatus,
  decode,
  encode,
  type Feedback,
  type Sample,
  topics,
} from './codec.ts'
import { type Link, type LinkOptions, type LinkState, openLink } from './link.ts'
import type { Random } from './random.ts'

export type Login = { readonly url: string; readonly device: string; readonly secret: string }

export type SensorOptions = Login & {
  readonly clock: Clock
  readonly random: Random
  /** What is measured at a moment, and how often. */
  readonly measure?: { readonly everyMs: number; readonly at: (now: number) => Sample['readings'] }
  /** Its part of the status beside the radio. */
  readonly status?: (now: number) => DeviceStatus
  readonly onFeedback?: (feedback: Feedback) => void
  readonly onState?: (state: LinkState) => void
  /** Default: a real connection. */
  readonly connect?: (options: LinkOptions) => Link
}

export type Sent = {
  readonly id: string
  /** True at the gateway's PUBACK; false when the device is closed before, or holds too many events already. */
  readonly acknowledged: Promise<boolean>
}

export type Sensor = {
  readonly device: string
  send(type: string, data?: DeviceEvent['data']): Sent
  report(status: DeviceStatus): void
  /** Off: gone without a word. On: back. */
  power(on: boolean): void
  readonly unacknowledged: number
  close(): Promise<void>
}

/** A battery would not last at one report a minute. */
const statusEveryMs = 10 * 60_000
const firmware = 'sim-1.0'

export const createSensor = (options: SensorOptions): Sensor => {
  const { device, clock, random, measure, connect = openLink } = options
  // Unique over restarts too: a device that has lost its counter must not repeat an old id.
  const bootId = random.hex(4)
  let sent = 0
  let stop = () => {}

  const report = (status: DeviceStatus) => link.mention(topics.status(device), encode.status(status))
  const reportAll = () => {
    const rssiDbm = random.between(-80, -45)
    report({ online: true, ...options.status?.(clock.now()), rssiDbm, firmware })
  }
  const takeSample = () => {
    const at = clock.now()
    if (measure) link.mention(topics.measure(device), encode.measure([{ at, readings: measure.at(at) }]))
  }
  const live = () => {
    const timers = [
      every(clock, statusEveryMs, reportAll),
      ...(measure ? [every(clock, measure.everyMs, takeSample)] : []),
    ]
    reportAll()
    return () => timers.forEach(cancel => cancel())
  }

  const link = connect({
    ...options,
    username: device,
    password: options.secret,
    subscriptions: [topics.feedback(device)],
    will: { topic: topics.status(device), payload: encode.status({ online: false }) },
    onMessage: (_topic, payload) => {
      const feedback = decode.feedback(payload)
      if (feedback) options.onFeedback?.(feedback)
    },
    onState: state => {
      stop()
      stop = state.up ? live() : () => {}
      options.onState?.(state)
    },
  })

  return {
    device,
    send: (type, data) => {
      const id = `${bootId}-${++sent}`
      const event = encode.event({ id, type, at: clock.now(), ...(data && { data }) })
      return { id, acknowledged: link.deliver(topics.event(device), event) }
    },
    report,
    power: link.power,
    get unacknowledged() {
      return link.unacknowledged
    },
    close: () => {
      stop()
      return link.close()
    },
  }
}
