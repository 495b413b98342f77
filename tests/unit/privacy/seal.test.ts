import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Key, keyBytes, keyOf, nonceBytes, seal, unseal } from '../../../gateway/privacy/seal.ts'

const key: Key = { id: 'k0000001', key: randomBytes(keyBytes) }
const sealed = (clear: Uint8Array, about = 'residents/r-1'): Uint8Array =>
  seal(key, randomBytes(nonceBytes), clear, about)

describe('a seal', () => {
  test('opens for what it was made for, and gives back every byte', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), fc.string(), (clear, about) => {
        expect([...unseal(key, sealed(clear, about), about)]).toEqual([...clear])
      }),
    )
  })

  test('shows the key that made it, and nothing of what is in it', () => {
    const bytes = sealed(Buffer.from('王奶奶 13900000000'))
    expect(keyOf(bytes)).toBe('k0000001')
    expect(Buffer.from(bytes).includes('王奶奶')).toBe(false)
    expect(Buffer.from(bytes).includes('139000')).toBe(false)
  })

  test('does not open with any bit of it changed, nor cut short', () => {
    const bytes = sealed(Buffer.from('secret'))
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Uint8Array.from(bytes)
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(() => unseal(key, changed, 'residents/r-1'), `bit ${bit}`).toThrow()
    }
    for (let length = 0; length < bytes.length; length += 1)
      expect(() => unseal(key, bytes.subarray(0, length), 'residents/r-1'), `${length} bytes`).toThrow()
  })

  test('does not open for another record, nor with another key', () => {
    const bytes = sealed(Buffer.from('secret'))
    expect(() => unseal(key, bytes, 'residents/r-2')).toThrow()
    expect(() => unseal({ ...key, key: randomBytes(keyBytes) }, bytes, 'residents/r-1')).toThrow()
  })

  test('is told from what is none', () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from('{"name":"王奶奶","phone":"13900000000"}')])
      expect(() => keyOf(bytes)).toThrow('not a seal')
  })
})
