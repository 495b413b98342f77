/** A far end that only writes down: what the devices of a story say, and when. It acknowledges every MQTT message. */
import type { Clock } from '../clock.ts'
import type { SerialDevice, startSerialServer } from '../devices/serial-server.ts'
import type { Link, LinkOptions } from '../link.ts'

export type Recorded = { readonly at: number } & (
  | { readonly user: string; readonly topic: string; readonly payload: string; readonly retain: boolean }
  | { readonly line: number; readonly bytes: Uint8Array }
)

export type Recorder = {
  readonly said: readonly Recorded[]
  readonly connect: (options: LinkOptions) => Link
  readonly plug: typeof startSerialServer
}

export const createRecorder = (clock: Clock): Recorder => {
  const said: Recorded[] = []
  let lines = 0

  const connect = ({ username: user, will, onState }: LinkOptions): Link => {
    let up = false
    const write = (topic: string, payload: string, retain: boolean) => {
      if (up) said.push({ at: clock.now(), user, topic, payload, retain })
    }
    const power = (on: boolean) => {
      if (on === up) return
      if (!on && will) write(will.topic, will.payload, will.retain ?? false)
      up = on
      onState?.(on ? { up: on } : { up: on, reason: 'power off' })
    }
    // As over a network: whoever connects has its link in hand before it is up.
    queueMicrotask(() => power(true))
    return {
      deliver: (topic, payload) => {
        write(topic, payload, false)
        return Promise.resolve(up)
      },
      mention: (topic, payload, retain = false) => write(topic, payload, retain),
      power,
      unacknowledged: 0,
      close: () => {
        up = false
        return Promise.resolve()
      },
    }
  }

  const plug: typeof startSerialServer = plugIn => {
    const line = lines++
    const devices: readonly SerialDevice[] = plugIn(bytes => said.push({ at: clock.now(), line, bytes }))
    return Promise.resolve({
      url: `recorder://${line}`,
      close: () => {
        for (const device of devices) device.close()
        return Promise.resolve()
      },
    })
  }

  return { said, connect, plug }
}
