/** What an ESPA 4.4.4 block says: `SOH header STX record US data { RS record US data } ETX BCC`. */
import type { DeviceEvent } from '../../model/observation.ts'

export const control = {
  soh: 0x01,
  stx: 0x02,
  etx: 0x03,
  eot: 0x04,
  enq: 0x05,
  ack: 0x06,
  nak: 0x15,
} as const

const recordSeparator = '\x1e'
const unitSeparator = '\x1f'
const startOfText = '\x02'

/** Names of the records, by their numbers. */
const records: ReadonlyMap<string, string> = new Map([
  ['1', 'callAddress'],
  ['2', 'message'],
  ['3', 'beep'],
  ['4', 'callType'],
  ['5', 'transmissions'],
  ['6', 'priority'],
  ['7', 'callStatus'],
  ['8', 'systemStatus'],
])

/** Longer than any a registry may hold. */
const maxAddressLength = 32

export type EspaBlock = {
  readonly header: string
  /** The call address; empty where the block names none. */
  readonly address: string
  readonly data: { readonly [name: string]: string }
}

/** XOR of every byte after SOH, up to and including ETX. */
export const blockCheck = (block: readonly number[]): number =>
  block.slice(1).reduce((check, byte) => check ^ byte, 0)

/** ISO 8859-1: each byte is its code point. (`TextDecoder` would read windows-1252.) */
export const textOf = (bytes: readonly number[]): string => String.fromCharCode(...bytes)

/** Panels pad their texts, and some break them into the lines of a pager. */
const printable = (text: string): string => text.replaceAll(/[^\x20-\x7e\xa0-\xff]/g, ' ').trim()

/**
 * From SOH to ETX. Undefined: without STX it is no block, but one whose STX was damaged into ETX, with a check that
 * matches by chance. A record that cannot be read is left out, because it must never cost the call.
 */
export const readBlock = (block: readonly number[]): EspaBlock | undefined => {
  const [header = '', ...body] = textOf(block.slice(1, -1)).split(startOfText)
  if (body.length === 0) return undefined
  const data: Record<string, string> = {}
  for (const record of body.join('').split(recordSeparator)) {
    const [number = '', ...rest] = record.split(unitSeparator)
    const name = records.get(number)
    if (name !== undefined && rest.length > 0) data[name] = printable(rest.join(unitSeparator))
  }
  return { header, address: (data['callAddress'] ?? '').slice(0, maxAddressLength), data }
}

/** Call to pager, and call subscriber: somebody is to come. */
const calls: ReadonlySet<string> = new Set(['1', '4'])
/** Status information, and status request. */
const statuses: ReadonlySet<string> = new Set(['2', '3'])

/** The call type of an explicit reset. */
const reset = '1'

/**
 * Undefined: nothing but a sign of life. Every call is an `sos`, whatever its priority and type: only its explicit reset
 * is not. A header that nobody knows is kept as an unknown event.
 */
export const eventOf = ({ header, data }: EspaBlock, eventId: string): DeviceEvent | undefined => {
  if (statuses.has(header)) return undefined
  if (!calls.has(header)) return { kind: 'unknown', type: `header-${header.slice(0, 16)}`, eventId, data }
  return { kind: data['callType'] === reset ? 'cleared' : 'trigger', trigger: 'sos', eventId, data }
}
