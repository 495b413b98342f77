import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { encodeEspa } from '../../../../firmware-sim/wire/espa444.ts'

const { vectors } = z
  .object({
    vectors: z.array(
      z.object({
        name: z.string(),
        block: z.object({ header: z.string(), records: z.record(z.string(), z.string()) }).optional(),
        turns: z.array(z.object({ in: z.string().optional() })),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(new URL('../../../vectors/espa444.json', import.meta.url), 'utf8')))

const written = vectors.flatMap(({ name, block, turns }) =>
  block ? [{ name, block, hex: turns[1]?.in ?? '' }] : [],
)

test('there are vectors of blocks', () => expect(written.length).toBeGreaterThan(7))

test.each(written)('the block of "$name" is written byte by byte', ({ block, hex }) => {
  expect(Buffer.from(encodeEspa(block)).toString('hex')).toBe(hex.replaceAll(' ', '').toLowerCase())
})

test('what ISO 8859-1 cannot say becomes a question mark, and never a control character', () => {
  // The low bytes of these two are ETX and EOT.
  const block = encodeEspa({ header: '1', records: { 1: 'A\u4e03\u4e04\u0003', 2: 'Bär' } })
  const asked = encodeEspa({ header: '1', records: { 1: 'A???', 2: 'Bär' } })
  expect(block).toEqual(asked)
})
