/** Which MQTT version a client speaks, known before a parser has to understand it, so that the refusal can be in its words. */
import { Buffer } from 'node:buffer'

/** Enough for header, length, protocol name and level. */
export const connectStartBytes = 14

/** MQTT 3.1 and 3.1.1; with the highest bit set, the same from a mosquitto bridge. */
const supported: ReadonlySet<number> = new Set([0x03, 0x04, 0x83, 0x84])

const names: ReadonlySet<string> = new Set(['MQTT', 'MQIsdp'])

/**
 * The level in the first bytes of a connection. `undefined` while there are too few of them, and for what is no CONNECT
 * of MQTT at all: that is the parser's to refuse.
 */
export const protocolLevel = (start: Buffer): number | undefined => {
  let position = 1
  while ((start[position] ?? 0) >= 0x80) position += 1
  const nameLength = start[position + 2]
  if (start[0] !== 0x10 || nameLength === undefined) return undefined
  const nameEnd = position + 3 + nameLength
  return names.has(start.toString('latin1', position + 3, nameEnd)) ? start[nameEnd] : undefined
}

/** The CONNACK that refuses this level, if it is to be refused. */
export const levelRefusal = (level: number): Buffer | undefined => {
  if (supported.has(level)) return undefined
  return level === 5
    ? Buffer.from([0x20, 0x03, 0x00, 0x84, 0x00]) // reason 0x84 in the format of version 5 [MQTT5 3.2.2.2]
    : Buffer.from([0x20, 0x02, 0x00, 0x01]) // [MQTT-3.1.2-2]
}
