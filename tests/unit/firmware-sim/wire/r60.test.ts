import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createR60Reader, encodeR60, itemAsked, type R60Frame } from '../../../../firmware-sim/wire/r60.ts'

const { vectors, queries } = z
  .object({
    vectors: z.array(
      z.object({
        name: z.string(),
        frame: z.object({ control: z.number(), command: z.number(), data: z.string() }).optional(),
        hex: z.string(),
      }),
    ),
    queries: z.array(
      z.object({ name: z.string(), control: z.number(), command: z.number(), hex: z.string() }),
    ),
  })
  .parse(JSON.parse(readFileSync(new URL('../../../vectors/r60.json', import.meta.url), 'utf8')))

const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
const read = (...chunks: readonly Uint8Array[]): R60Frame[] => {
  const frames: R60Frame[] = []
  const reader = createR60Reader(frame => frames.push(frame))
  for (const chunk of chunks) reader(chunk)
  return frames
}
const written = vectors.flatMap(({ name, frame, hex }) => (frame ? [{ name, frame, hex }] : []))

describe('what a radar says', () => {
  test('has vectors', () => expect(written.length).toBeGreaterThan(20))
  test.each(written)('is written byte by byte: $name', ({ frame, hex }) => {
    expect(encodeR60({ ...frame, data: bytesOf(frame.data) })).toEqual(bytesOf(hex))
  })
})

describe('what a radar is asked', () => {
  test.each(queries)('is understood, however it is cut: $name', ({ control, command, hex }) => {
    const bytes = bytesOf(hex)
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const frames = read(bytes.subarray(0, cut), bytes.subarray(cut))
      expect(frames).toMatchObject([{ control, command }])
      expect(frames.map(itemAsked)).not.toContain(undefined)
    }
  })

  test.each(queries)('is not understood with a bit flipped: $name', ({ hex }) => {
    const bytes = bytesOf(hex)
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const flipped = Uint8Array.from(bytes)
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(read(flipped)).toEqual([])
    }
  })

  test('is found again after noise', () => {
    const query = bytesOf(queries[0]?.hex ?? '')
    // Asked more than once: noise may end in what looks like the beginning of a long frame, which takes the first ones.
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), noise => {
        const frames = read(noise, ...Array.from({ length: 10 }, () => query))
        expect(frames.at(-1)).toMatchObject({ control: 2, command: 0xa1 })
      }),
    )
  })
})
