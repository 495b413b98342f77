/** ESPA 4.4.4: blocks of records between a nurse-call panel and a pager, here the gateway. Text is ISO 8859-1. */
export const control = {
  SOH: 0x01,
  STX: 0x02,
  ETX: 0x03,
  EOT: 0x04,
  ENQ: 0x05,
  ACK: 0x06,
  NAK: 0x15,
  RS: 0x1e,
  US: 0x1f,
} as const

export const headers = { callToPager: '1', statusInformation: '2' } as const

export type EspaBlock = {
  readonly header: string
  /** By number: 1 call address, 2 message, 3 beep coding, 4 call type, 5 transmissions, 6 priority, 7 status, 8 system. */
  readonly records: { readonly [record: string]: string }
}

/** `SOH header STX record US data { RS record US data } ETX BCC`; BCC is the exclusive or of all after SOH. */
export const encodeEspa = ({ header, records }: EspaBlock): Uint8Array => {
  const { SOH, STX, ETX, RS, US } = control
  // What ISO 8859-1 has no letter for becomes a question mark: cut to a byte, it could be a control character.
  const text = (content: string) => Buffer.from(content.replaceAll(/[^\x20-\x7e\xa0-\xff]/g, '?'), 'latin1')
  const fields = Object.entries(records).flatMap(([record, data], index) => [
    ...(index > 0 ? [RS] : []),
    ...text(record),
    US,
    ...text(data),
  ])
  const checked = [...text(header), STX, ...fields, ETX]
  return Uint8Array.of(
    SOH,
    ...checked,
    checked.reduce((sum, byte) => sum ^ byte, 0),
  )
}
