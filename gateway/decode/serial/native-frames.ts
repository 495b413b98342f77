/** Native serial frames: COBS between zeros, a header, a body and CRC-16/ARC over both, all big-endian. */
import { decodeCobs, encodeCobs } from './cobs.ts'
import { crc16 } from './crc16.ts'
import { type Discarded, discarded, reopened, type Splitter } from './splitter.ts'

export type NativeFrame = {
  readonly type: 'frame'
  /** As encoded, with the zero that ends it. */
  readonly bytes: number
  readonly device: number
  readonly boot: number
  readonly sequence: number
  /** Of the message. */
  readonly code: number
  readonly body: Uint8Array
}

const version = 1
/** version (1), device number (4), boot counter (2), sequence (2), type (1) */
const headerBytes = 10
const crcBytes = 2
/** Before encoding. COBS adds one byte to so few. */
const maxFrameBytes = 250
const maxEncodedBytes = maxFrameBytes + 1

export const createNativeSplitter = (): Splitter<NativeFrame> => {
  const held = new Uint8Array(maxEncodedBytes)
  /** Since the last zero; in an overrun, since it was last reported. */
  let runBytes = 0
  /** The run is longer than any frame: all of it goes, up to its zero. */
  let overrun = false

  const hold = (bytes: Uint8Array) => {
    if (runBytes + bytes.length > maxEncodedBytes) overrun = true
    if (!overrun) held.set(bytes, runBytes)
    runBytes += bytes.length
  }
  const tooLong = (bytes: number) => discarded('bad-length', bytes, `more than ${maxFrameBytes} bytes`)
  const endRun = (): NativeFrame | Discarded => {
    const bytes = runBytes + 1
    const found = overrun ? tooLong(bytes) : readFrame(held.subarray(0, runBytes), bytes)
    runBytes = 0
    overrun = false
    return found
  }

  return {
    push: bytes => {
      const found: (NativeFrame | Discarded)[] = []
      let start = 0
      for (let zero = bytes.indexOf(0); zero >= 0; zero = bytes.indexOf(0, start)) {
        hold(bytes.subarray(start, zero))
        // A zero more than needed ends nothing: some senders begin with one, to end what noise may have begun.
        if (runBytes > 0 || overrun) found.push(endRun())
        start = zero + 1
      }
      hold(bytes.subarray(start))
      // Reported as it comes: noise may hold no zero for long.
      if (overrun && runBytes > 0) {
        found.push(tooLong(runBytes))
        runBytes = 0
      }
      return found
    },
    drop: () => {
      const bytes = runBytes
      runBytes = 0
      overrun = false
      return bytes === 0 ? [] : [discarded('bad-length', bytes, reopened)]
    },
  }
}

/** `bytes`: how many came on the line for it. */
const readFrame = (encoded: Uint8Array, bytes: number): NativeFrame | Discarded => {
  const decoded = decodeCobs(encoded)
  if (!decoded) return discarded('bad-framing', bytes, 'not COBS')
  const bodyEnd = decoded.length - crcBytes
  if (bodyEnd < headerBytes) return discarded('bad-length', bytes, `only ${decoded.length} bytes`)
  const view = new DataView(decoded.buffer, decoded.byteOffset, decoded.length)
  if (crc16(decoded.subarray(0, bodyEnd)) !== view.getUint16(bodyEnd)) {
    return discarded('bad-checksum', bytes, 'the CRC does not match')
  }
  if (view.getUint8(0) !== version) return discarded('unknown-type', bytes, `version ${view.getUint8(0)}`)
  return {
    type: 'frame',
    bytes,
    device: view.getUint32(1),
    boot: view.getUint16(5),
    sequence: view.getUint16(7),
    code: view.getUint8(9),
    body: decoded.subarray(headerBytes, bodyEnd),
  }
}

/** As it goes onto the line. */
export const writeFrame = ({
  device,
  boot,
  sequence,
  code,
  body,
}: Omit<NativeFrame, 'type' | 'bytes'>): Uint8Array => {
  const bodyEnd = headerBytes + body.length
  const frame = new Uint8Array(bodyEnd + crcBytes)
  const view = new DataView(frame.buffer)
  view.setUint8(0, version)
  view.setUint32(1, device)
  view.setUint16(5, boot)
  view.setUint16(7, sequence)
  view.setUint8(9, code)
  frame.set(body, headerBytes)
  view.setUint16(bodyEnd, crc16(frame.subarray(0, bodyEnd)))
  return Uint8Array.from([...encodeCobs(frame), 0])
}
