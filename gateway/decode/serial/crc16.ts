/** CRC-16/ARC: polynomial 0x8005 reflected, initial 0. The check value of "123456789" is BB3D. */
const reflectedPolynomial = 0xa001

const shift = (crc: number): number => (crc & 1 ? (crc >> 1) ^ reflectedPolynomial : crc >> 1)

const table = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit += 1) crc = shift(crc)
  return crc
})

export const crc16 = (bytes: Uint8Array): number => {
  let crc = 0
  for (const byte of bytes) crc = (crc >> 8) ^ (table[(crc ^ byte) & 0xff] ?? 0)
  return crc
}
