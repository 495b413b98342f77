import type { DeviceStatus } from '../codec.ts'
import { createPanel } from '../devices/panel.ts'
import { createRadar } from '../devices/radar.ts'
import { createSerialPad } from '../devices/serial-pad.ts'
import type { SerialDevice, Write } from '../devices/serial-server.ts'
import { isNativeTrigger } from '../wire/native-serial.ts'
import type { Actor, Part, Stage } from './actor.ts'
import { lineAddress } from './registry.ts'

type Wired = { readonly device: SerialDevice; readonly actor: Actor }
type Told = Omit<Actor, 'power'>

const radarOn = ({ home }: Part, write: Write, { clock, sleeperIn }: Stage): [SerialDevice, Told] => {
  const radar = createRadar({ clock, write, sleeper: sleeperIn(home) })
  const act = (event: string) => {
    radar.fall(event === 'fall')
    return Promise.resolve(true)
  }
  return [radar, { act, status: () => {} }]
}

const panelOn = ({ home }: Part, write: Write, { clock }: Stage): [SerialDevice, Told] => {
  const panel = createPanel({ clock, write, polled: false })
  const address = lineAddress.espa444(home)
  const act: Actor['act'] = (event, data) =>
    panel.call({ address, message: typeof data?.['message'] === 'string' ? data['message'] : event })
  return [panel, { act, status: () => {} }]
}

const padOn = ({ id, home }: Part, write: Write, stage: Stage): [SerialDevice, Told] => {
  const pad = createSerialPad({
    number: lineAddress.native(home),
    clock: stage.clock,
    random: stage.randomOf(id),
    write,
    sleeper: stage.sleeperIn(home),
  })
  const act = (event: string) =>
    isNativeTrigger(event)
      ? pad.trigger(event)
      : Promise.reject(new RangeError(`${id}: 串口上没有此事件 not an event of a serial pad: ${event}`))
  const status = ({ mains = true, tamper = false }: DeviceStatus) => pad.status({ mainsLost: !mains, tamper })
  return [pad, { act, status }]
}

/** A device on a serial line. While its power is off, what it writes goes nowhere. */
export const createLineActor = (part: Part, write: Write, stage: Stage): Wired => {
  let powered = true
  const guarded: Write = bytes => {
    if (powered) write(bytes)
  }
  const create = part.device.kind === 'radar' ? radarOn : part.device.kind === 'panel' ? panelOn : padOn
  const [device, told] = create(part, guarded, stage)
  const power = (on: boolean) => {
    powered = on
  }
  return { device, actor: { ...told, power } }
}
