/** The tests' own encoders against the documents: otherwise a fault of theirs would be taken for one of the gateway. */
import { expect, test } from 'vitest'
import { crc16, espa, nativeSos, r60Frame } from '../../support/sensor-frames.ts'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex').toUpperCase()

test('the check value of CRC-16/ARC', () => {
  expect(crc16(Buffer.from('123456789'))).toBe(0xbb3d)
})

test('an SOS of the shared vectors', () => {
  expect(hex(nativeSos({ device: 7, boot: 3, sequence: 101 }))).toBe('02010101020702030665010173E600')
})

test('the checked sums of the radar', () => {
  expect(hex(r60Frame(0x02, 0xa4, [0x0f]))).toBe('535902A400010F625443')
  expect(hex(r60Frame(0x01, 0x02, [0x0f]))).toBe('5359010200010FBF5443')
})

test('the documented call of a panel', () => {
  const call =
    '01310231 1F30383135 1E321F46657565722 05A696D6D6572203132 1E331F32 1E341F33 1E351F31 1E361F31 0342'
  expect(hex(espa.call('0815', 'Feuer Zimmer 12'))).toBe(call.replaceAll(' ', ''))
})
