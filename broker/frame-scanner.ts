/**
 * Finds the ends of MQTT frames in a stream of bytes that is cut anywhere, and finds broken frames at their first bytes,
 * so that nothing behind it ever buffers more than one frame of an allowed size.
 */
import type { Buffer } from 'node:buffer'

export type FrameFault = 'frame-too-large' | 'malformed-frame'

export type Scan = {
  /** Complete frames that end in these bytes. */
  readonly frames: number
  /** How many of the bytes may be handed on: all of them, or up to `maxFrames`, or up to the broken frame. */
  readonly end: number
  readonly fault?: FrameFault
}

/** Remaining length of each frame that a client may send, [least, most]. All others are the server's or reserved. */
const remainingLengths: ReadonlyMap<number, readonly [number, number]> = new Map([
  [1, [12, Number.POSITIVE_INFINITY]], // CONNECT: protocol, level, flags, keep-alive, client id
  [3, [3, Number.POSITIVE_INFINITY]], // PUBLISH: a topic of one character
  [4, [2, 2]], // PUBACK
  [5, [2, 2]], // PUBREC
  [6, [2, 2]], // PUBREL
  [7, [2, 2]], // PUBCOMP
  [8, [6, Number.POSITIVE_INFINITY]], // SUBSCRIBE: at least one filter [MQTT-3.8.3-3]
  [10, [5, Number.POSITIVE_INFINITY]], // UNSUBSCRIBE [MQTT-3.10.3-2]
  [12, [0, 0]], // PINGREQ
  [14, [0, 0]], // DISCONNECT
])

/** The remaining length is at most four bytes of seven bits [MQTT 2.2.3]. */
const lengthEnd = 2 ** 28

/** `maxFrameBytes` bounds the declared remaining length, as it is when the length has been read. */
export const createFrameScanner = (
  maxFrameBytes: () => number,
): ((bytes: Buffer, maxFrames: number) => Scan) => {
  let type = 0
  /** Weight of the next byte of the length; 0 while it is not being read. */
  let weight = 0
  let remaining = 0

  return (bytes, maxFrames) => {
    let frames = 0
    let position = 0
    let frameStart = 0
    while (position < bytes.length && frames < maxFrames) {
      if (type === 0) {
        type = bytes.readUInt8(position) >> 4
        position += 1
        if (!remainingLengths.has(type)) return { frames, end: frameStart, fault: 'malformed-frame' }
        weight = 1
        remaining = 0
        continue
      }
      if (weight > 0) {
        const byte = bytes.readUInt8(position)
        position += 1
        remaining += (byte & 0x7f) * weight
        weight *= 0x80
        if (byte < 0x80) weight = 0
        else if (weight < lengthEnd) continue
        const fault = faultOf(type, remaining, weight, maxFrameBytes())
        if (fault) return { frames, end: frameStart, fault }
      }
      const step = Math.min(remaining, bytes.length - position)
      position += step
      remaining -= step
      if (remaining === 0) {
        type = 0
        frames += 1
        frameStart = position
      }
    }
    return { frames, end: position }
  }
}

const faultOf = (type: number, length: number, weight: number, maxBytes: number): FrameFault | undefined => {
  if (weight > 0) return 'malformed-frame'
  if (length > maxBytes) return 'frame-too-large'
  const [least, most] = remainingLengths.get(type) ?? [0, 0]
  return length < least || length > most ? 'malformed-frame' : undefined
}
