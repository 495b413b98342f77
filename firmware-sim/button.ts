/**
 * A call button.
 * Takes: presses. Gives: each press to the gateway until the gateway has acknowledged it, and every stage that the
 * gateway reports back. Never does: forget a press, or send one press under two ids.
 */
import type { Clock } from './clock.ts'
import { type DeviceEvent, decode, encode, type Feedback, topics } from './codec.ts'
import { type LinkState, openLink } from './link.ts'
import type { Random } from './random.ts'

export type ButtonOptions = {
  readonly url: string
  readonly device: string
  readonly secret: string
  readonly clock: Clock
  readonly random: Random
  readonly onFeedback?: (feedback: Feedback) => void
  readonly onState?: (state: LinkState) => void
}

export type Press = {
  readonly id: string
  /** True at the gateway's PUBACK; false when the button is closed before, or holds too many presses already. */
  readonly acknowledged: Promise<boolean>
}

export type Button = {
  readonly device: string
  press(type?: string, data?: DeviceEvent['data']): Press
  readonly unacknowledged: number
  close(): Promise<void>
}

const statusEveryMs = 60_000
const firmware = 'sim-1.0'

export const createButton = (options: ButtonOptions): Button => {
  const { device, clock, random } = options
  // Unique over restarts too: a button that has lost its counter must not repeat an old id.
  const bootId = random.hex(4)
  const batteryPercent = random.between(20, 100)
  let presses = 0
  let cancelStatus = () => {}

  const reportStatus = () => {
    const rssiDbm = random.between(-80, -45)
    link.mention(topics.status(device), encode.status({ online: true, batteryPercent, rssiDbm, firmware }))
    cancelStatus = clock.after(statusEveryMs, reportStatus)
  }

  const link = openLink({
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
      cancelStatus()
      if (state.up) reportStatus()
      options.onState?.(state)
    },
  })

  return {
    device,
    press: (type = 'sos', data) => {
      const id = `${bootId}-${++presses}`
      const event = encode.event({ id, type, at: clock.now(), ...(data && { data }) })
      return { id, acknowledged: link.deliver(topics.event(device), event) }
    },
    get unacknowledged() {
      return link.unacknowledged
    },
    close: () => {
      cancelStatus()
      return link.close()
    },
  }
}
