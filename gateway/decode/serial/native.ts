/**
 * The native serial protocol, of bed pads and button receivers on a line or RS-485 bus.
 * Takes: bytes, verdicts, feedback. Gives: events, measurements and states of the devices on the line, by number; and
 * `accepted` to the device once its event was taken.
 * Never: acknowledges what was not taken. The sender repeats an event until it is told.
 */

import type { AlarmKind } from '../../model/kinds.ts'
import type { LineInput, LineOutput, LineProtocol, LineSession } from '../../model/line.ts'
import { readingOf } from '../../model/measurement.ts'
import type { DeviceEvent } from '../../model/observation.ts'
import { createNativeSplitter, type NativeFrame, writeFrame } from './native-frames.ts'
import { type Discarded, discarded } from './splitter.ts'

const codes = { event: 0x01, measurement: 0x02, heartbeat: 0x03, feedback: 0x80 } as const

const bodyBytes: ReadonlyMap<number, number> = new Map([
  [codes.event, 1],
  [codes.measurement, 5],
  [codes.heartbeat, 3],
])

const cancelCode = 0x03
const triggers: ReadonlyMap<number, AlarmKind> = new Map([
  [0x01, 'sos'],
  [0x02, 'service'],
  [0x04, 'fall'],
  [0x05, 'smoke'],
  [0x06, 'gas'],
  [0x07, 'water-leak'],
  [0x08, 'test'],
])

const stages = { accepted: 0, acknowledged: 1, dispatched: 2, arrived: 3, resolved: 4, refused: 255 } as const

/** Events that wait for their verdict. Beyond this the oldest goes unanswered: its sender repeats it. */
const maxAwaiting = 256

/** A device's battery, or "none" of a reading. */
const none = 255

/** Which event of which device. */
type EventKey = Pick<NativeFrame, 'device' | 'boot' | 'sequence'>

export const native: LineProtocol = {
  framing: { baudRate: 115_200, dataBits: 8, parity: 'none', stopBits: 1 },
  // Three heartbeats, which come at least every 60 s.
  silentAfterMs: 180_000,
  // RS-485: a sender needs about two characters' time to let go of the bus; slow ones some milliseconds.
  turnaroundMs: 2,
  open: () => openSession(),
}

const openSession = (): LineSession => {
  const splitter = createNativeSplitter()
  const awaiting = new Map<number, EventKey>()
  let lastToken = 0

  const expectVerdict = (key: EventKey): number => {
    lastToken += 1
    awaiting.set(lastToken, key)
    const [oldest] = awaiting.keys()
    if (awaiting.size > maxAwaiting && oldest !== undefined) awaiting.delete(oldest)
    return lastToken
  }
  const outputsOf = (input: LineInput): readonly LineOutput[] => {
    switch (input.type) {
      case 'opened':
        return splitter.drop()
      case 'bytes':
        return splitter
          .push(input.bytes)
          .flatMap(found => (found.type === 'frame' ? meaningOf(found, expectVerdict) : found))
      case 'verdict': {
        const key = awaiting.get(input.token)
        awaiting.delete(input.token)
        return key && input.taken ? [feedback(key, stages.accepted)] : []
      }
      case 'feedback': {
        const key = eventKeyOf(input.address, input.eventId)
        return key ? [feedback(key, stages[input.stage])] : []
      }
      case 'wake':
        return []
    }
  }
  return { step: input => ({ outputs: outputsOf(input) }) }
}

const meaningOf = (
  frame: NativeFrame,
  expectVerdict: (key: EventKey) => number,
): LineOutput | readonly LineOutput[] => {
  const address = String(frame.device)
  const expected = bodyBytes.get(frame.code)
  if (expected === undefined) return discarded('unknown-type', frame.bytes, `type ${frame.code}`)
  if (frame.body.length !== expected) {
    return discarded('bad-length', frame.bytes, `type ${frame.code} with ${frame.body.length} bytes`)
  }
  if (frame.code === codes.event) {
    return { type: 'observed', address, observation: eventOf(frame), token: expectVerdict(frame) }
  }
  return frame.code === codes.measurement ? measured(address, frame.body) : alive(address, frame.body)
}

const eventIdOf = ({ boot, sequence }: EventKey): string => `${boot}-${sequence}`

const eventOf = (frame: NativeFrame): DeviceEvent => {
  const eventId = eventIdOf(frame)
  const [code = 0] = frame.body
  const trigger = triggers.get(code)
  if (trigger) return { kind: 'trigger', trigger, eventId }
  return code === cancelCode
    ? { kind: 'cancel', eventId }
    : { kind: 'unknown', type: `trigger-${code}`, eventId }
}

/** Undefined: not an address or event id of this protocol. */
const eventKeyOf = (address: string, eventId: string): EventKey | undefined => {
  const [, number, boot, sequence] = /^(\d{1,10}) (\d{1,5})-(\d{1,5})$/.exec(`${address} ${eventId}`) ?? []
  const key = { device: Number(number), boot: Number(boot), sequence: Number(sequence) }
  return key.device <= 0xffff_ffff && key.boot <= 0xffff && key.sequence <= 0xffff ? key : undefined
}

const feedback = ({ device, boot, sequence }: EventKey, stage: number): LineOutput => {
  const body = Uint8Array.of(boot >> 8, boot & 0xff, sequence >> 8, sequence & 0xff, stage)
  return { type: 'write', bytes: writeFrame({ device, boot, sequence, code: codes.feedback, body }) }
}

const measuredInOrder = ['inBed', 'heartRate', 'respirationRate', 'movement', 'quality'] as const
const mayBeNone: ReadonlySet<string> = new Set(['inBed', 'heartRate', 'respirationRate'])

const measured = (address: string, body: Uint8Array): readonly LineOutput[] => {
  const readings: Record<string, number> = {}
  const faults: Discarded[] = []
  for (const [at, metric] of measuredInOrder.entries()) {
    const value = body[at] ?? 0
    if (value === none && mayBeNone.has(metric)) continue
    // In bed is 0 or 1, nothing between; the other metrics are whole numbers by themselves.
    const reading = readingOf(metric, value)
    if (reading === undefined) faults.push(discarded('out-of-range', 1, `${metric} ${value}`))
    else readings[metric] = reading
  }
  const said = Object.keys(readings).length > 0
  return [
    ...faults,
    said
      ? { type: 'observed', address, observation: { kind: 'measurement', readings } }
      : { type: 'alive', address },
  ]
}

const flag = { tamper: 1, mainsLost: 2, batteryLow: 4 } as const
const alive = (address: string, body: Uint8Array): readonly LineOutput[] => {
  const view = new DataView(body.buffer, body.byteOffset, body.length)
  const battery = view.getUint8(0)
  const rssiDbm = readingOf('rssiDbm', view.getInt8(1))
  const flags = view.getUint8(2)
  const onMains = battery === none
  const faults: Discarded[] = []
  if (!onMains && battery > 100) faults.push(discarded('out-of-range', 1, `battery ${battery}`))
  if (rssiDbm === undefined) faults.push(discarded('out-of-range', 1, `rssi ${view.getInt8(1)}`))
  const mainsLost = (flags & flag.mainsLost) !== 0
  return [
    ...faults,
    {
      type: 'observed',
      address,
      observation: {
        kind: 'status',
        ...(battery <= 100 && { batteryPercent: battery }),
        ...(rssiDbm !== undefined && { rssiDbm }),
        // A device with a battery and no such flag says nothing of mains: it may have none.
        ...((onMains || mainsLost) && { mains: !mainsLost }),
        tamper: (flags & flag.tamper) !== 0,
        batteryLow: (flags & flag.batteryLow) !== 0,
      },
    },
  ]
}
