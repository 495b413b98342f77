/** Frames of serial sensors, written from the documents of their protocols and from nothing of the gateway's. */

/** CRC-16/ARC, bit by bit: polynomial 0x8005, reflected. */
export const crc16 = (bytes: Uint8Array): number => {
  let crc = 0
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1
  }
  return crc
}

/** For frames below 254 bytes: each zero becomes the distance to the next one. */
const cobs = (bytes: Uint8Array): Buffer => {
  const blocks: number[][] = [[]]
  for (const byte of bytes) {
    if (byte === 0) blocks.push([])
    else blocks.at(-1)?.push(byte)
  }
  return Buffer.from([...blocks.flatMap(block => [block.length + 1, ...block]), 0])
}

export type NativeEvent = { readonly device: number; readonly boot: number; readonly sequence: number }

/** `sum`: another than the right one. */
export const nativeFrame = (
  { device, boot, sequence }: NativeEvent,
  type: number,
  body: readonly number[],
  sum?: number,
): Buffer => {
  const head = Buffer.alloc(10)
  head.writeUInt8(1, 0)
  head.writeUInt32BE(device, 1)
  head.writeUInt16BE(boot, 5)
  head.writeUInt16BE(sequence, 7)
  head.writeUInt8(type, 9)
  const content = Buffer.from([...head, ...body])
  const tail = Buffer.alloc(2)
  tail.writeUInt16BE(sum ?? crc16(content))
  return cobs(Buffer.concat([content, tail]))
}

export const nativeSos = (event: NativeEvent): Buffer => nativeFrame(event, 0x01, [0x01])

/** A full battery at −60 dBm, and nothing wrong. */
export const nativeHeartbeat = (device: number): Buffer =>
  nativeFrame({ device, boot: 1, sequence: 0 }, 0x03, [100, 196, 0])

export const stage = { accepted: 0, acknowledged: 1 } as const

/** What the gateway tells the sender of this event. */
export const nativeFeedback = (event: NativeEvent, how: number): Buffer => {
  const { boot, sequence } = event
  return nativeFrame(event, 0x80, [boot >> 8, boot & 0xff, sequence >> 8, sequence & 0xff, how])
}

export const r60Frame = (control: number, command: number, data: readonly number[]): Buffer => {
  const bytes = [0x53, 0x59, control, command, data.length >> 8, data.length & 0xff, ...data]
  return Buffer.from([...bytes, bytes.reduce((sum, byte) => sum + byte, 0) & 0xff, 0x54, 0x43])
}

/** `hasFallen`: the state that the radar shows, as it answers the query of it. */
export const r60Fall = (hasFallen: boolean): Buffer => r60Frame(0x83, 0x81, [Number(hasFallen)])
export const r60FallQuery = r60Frame(0x83, 0x81, [0x0f])

export const espa = {
  select: Buffer.from([0x32, 0x05]),
  ack: Buffer.from([0x06]),
  end: Buffer.from([0x04]),
  /** A call to a pager with a text, of the highest priority. */
  call(address: string, text: string): Buffer {
    const records = [`1\x1f${address}`, `2\x1f${text}`, '3\x1f2', '4\x1f3', '5\x1f1', '6\x1f1']
    const body = Buffer.from(`1\x02${records.join('\x1e')}\x03`, 'latin1')
    return Buffer.from([0x01, ...body, body.reduce((sum, byte) => sum ^ byte, 0)])
  },
} as const
