/**
 * Native serial frames, as a bed pad writes and reads them: COBS, ended by 00; CRC-16/ARC over everything before it; all
 * numbers big-endian. Written from the documented format alone.
 */
export const triggers = {
  sos: 1,
  service: 2,
  cancel: 3,
  fall: 4,
  smoke: 5,
  gas: 6,
  'water-leak': 7,
  test: 8,
} as const
export type NativeTrigger = keyof typeof triggers

export const isNativeTrigger = (name: string): name is NativeTrigger => Object.hasOwn(triggers, name)

export type NativeSender = {
  readonly device: number
  /** Grows with every start of the device, so that sequence numbers may begin anew. */
  readonly boot: number
  readonly sequence: number
}

/** Rates in /min, movement and quality in 0 to 100; what is absent is unknown. */
export type NativeMessage =
  | { readonly type: 'event'; readonly trigger: NativeTrigger }
  | {
      readonly type: 'measurement'
      readonly inBed?: boolean
      readonly heartRate?: number
      readonly respirationRate?: number
      readonly movement: number
      readonly quality: number
    }
  | {
      readonly type: 'heartbeat'
      /** Absent: it runs on mains. */
      readonly batteryPercent?: number
      readonly rssiDbm: number
      readonly tamper?: boolean
      readonly mainsLost?: boolean
      readonly batteryLow?: boolean
    }

/** The gateway's answer to an event: type 80. Any stage says that the event has arrived. */
export type NativeFeedback = NativeSender & { readonly stage: number }

const version = 1
const feedbackType = 0x80
const headerBytes = 10
const crcBytes = 2
/** A frame has at most 250 bytes; COBS adds one. What is longer is noise. */
const longestEncoded = 251

/** CRC-16/ARC: polynomial 0x8005 reflected, initial 0. "123456789" gives BB3D. */
export const crc16 = (bytes: Uint8Array): number => {
  let crc = 0
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1
  }
  return crc
}

/** Each block of bytes without a zero, preceded by its length plus one. A frame is too short for a full block of 254. */
const stuff = (bytes: Uint8Array): number[] => {
  const out: number[] = []
  let block: number[] = []
  for (const byte of [...bytes, 0]) {
    if (byte !== 0) block.push(byte)
    else {
      out.push(block.length + 1, ...block)
      block = []
    }
  }
  return out
}

const unstuff = (bytes: readonly number[]): Uint8Array | undefined => {
  const out: number[] = []
  for (let at = 0; at < bytes.length; ) {
    const length = bytes[at] ?? 0
    if (length === 0 || at + length > bytes.length) return undefined
    out.push(...bytes.slice(at + 1, at + length), 0)
    at += length
  }
  return Uint8Array.from(out.slice(0, -1))
}

const body = (message: NativeMessage): readonly [type: number, ...body: number[]] => {
  switch (message.type) {
    case 'event':
      return [1, triggers[message.trigger]]
    case 'measurement': {
      const { inBed, heartRate = 255, respirationRate = 255, movement, quality } = message
      return [2, inBed === undefined ? 255 : Number(inBed), heartRate, respirationRate, movement, quality]
    }
    case 'heartbeat': {
      const { batteryPercent = 255, rssiDbm, tamper, mainsLost, batteryLow } = message
      const flags =
        Number(tamper ?? false) | (Number(mainsLost ?? false) << 1) | (Number(batteryLow ?? false) << 2)
      return [3, batteryPercent, rssiDbm & 0xff, flags]
    }
  }
}

/** One frame with its end mark. Numbers are rounded to whole ones. */
export const encodeNative = (sender: NativeSender, message: NativeMessage): Uint8Array => {
  const content = body(message)
  const frame = Buffer.alloc(headerBytes - 1 + content.length + crcBytes)
  frame.writeUInt8(version, 0)
  frame.writeUInt32BE(sender.device, 1)
  frame.writeUInt16BE(sender.boot, 5)
  frame.writeUInt16BE(sender.sequence, 7)
  frame.set(content.map(Math.round), headerBytes - 1)
  const end = frame.length - crcBytes
  frame.writeUInt16BE(crc16(frame.subarray(0, end)), end)
  return Uint8Array.from([...stuff(frame), 0])
}

const feedbackIn = (encoded: readonly number[]): NativeFeedback | undefined => {
  const bytes = unstuff(encoded)
  if (bytes?.length !== headerBytes + 5 + crcBytes) return undefined
  const frame = Buffer.from(bytes)
  const end = frame.length - crcBytes
  if (frame.readUInt16BE(end) !== crc16(frame.subarray(0, end))) return undefined
  if (frame.readUInt8(0) !== version || frame.readUInt8(headerBytes - 1) !== feedbackType) return undefined
  return {
    device: frame.readUInt32BE(1),
    boot: frame.readUInt16BE(headerBytes),
    sequence: frame.readUInt16BE(headerBytes + 2),
    stage: frame.readUInt8(headerBytes + 4),
  }
}

/** Takes bytes as they come and tells of feedback in them; everything else on the line is for others. */
export const createFeedbackReader = (
  onFeedback: (feedback: NativeFeedback) => void,
): ((bytes: Uint8Array) => void) => {
  let frame: number[] = []
  return bytes => {
    for (const byte of bytes) {
      if (byte !== 0) {
        if (frame.length <= longestEncoded) frame.push(byte)
        continue
      }
      const feedback = feedbackIn(frame)
      frame = []
      if (feedback) onFeedback(feedback)
    }
  }
}
