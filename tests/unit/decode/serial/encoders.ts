/** Encoders that share nothing with the decoders: CRC and COBS written another way, from their definitions. */

const bytesOf = (value: number, count: number): number[] =>
  Array.from({ length: count }, (_, at) => Math.floor(value / 256 ** (count - 1 - at)) % 256)

/** CRC-16/ARC bit by bit, most significant bit first over reflected input, reflected at the end. */
const crcOf = (bytes: readonly number[]): number => {
  const bits = bytes.flatMap(byte => Array.from({ length: 8 }, (_, bit) => (byte >> bit) & 1))
  const register = bits.reduce((crc, bit) => {
    const feedback = ((crc >> 15) & 1) ^ bit
    return ((crc << 1) & 0xffff) ^ (feedback * 0x8005)
  }, 0)
  return Array.from({ length: 16 }, (_, bit) => ((register >> bit) & 1) << (15 - bit)).reduce(
    (sum, bit) => sum + bit,
    0,
  )
}

const cobs = (bytes: readonly number[]): number[] => {
  const zero = bytes.indexOf(0)
  const run = zero < 0 ? bytes : bytes.slice(0, zero)
  if (run.length >= 254) return [255, ...run.slice(0, 254), ...cobs(bytes.slice(254))]
  return zero < 0 ? [run.length + 1, ...run] : [run.length + 1, ...run, ...cobs(bytes.slice(zero + 1))]
}

export type NativeFields = {
  readonly device: number
  readonly boot: number
  readonly sequence: number
  readonly type: number
  readonly body: readonly number[]
}

export const encodeNative = ({ device, boot, sequence, type, body }: NativeFields): Buffer => {
  const frame = [1, ...bytesOf(device, 4), ...bytesOf(boot, 2), ...bytesOf(sequence, 2), type, ...body]
  return Buffer.from([...cobs([...frame, ...bytesOf(crcOf(frame), 2)]), 0])
}

export const encodeR60 = (control: number, command: number, data: readonly number[]): Buffer => {
  const frame = [0x53, 0x59, control, command, ...bytesOf(data.length, 2), ...data]
  return Buffer.from([...frame, frame.reduce((sum, byte) => (sum + byte) % 256, 0), 0x54, 0x43])
}

export const encodeEspa = (header: string, records: Readonly<Record<string, string>>): Buffer => {
  const text = Object.entries(records).map(([number, data]) => `${number}\x1f${data}`)
  const block = Buffer.from(`${header}\x02${text.join('\x1e')}\x03`, 'latin1')
  return Buffer.from([1, ...block, block.reduce((check, byte) => check ^ byte, 0)])
}
