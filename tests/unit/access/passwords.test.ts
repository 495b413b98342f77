import { argon2Sync, randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createPasswords } from '../../../gateway/access/passwords.ts'

const { hash, verify } = createPasswords(randomBytes)

describe('a password', () => {
  test('matches its own hash and no other password does', async () => {
    const stored = await hash('correct horse')
    expect(await verify('correct horse', stored)).toBe(true)
    expect(await verify('correct horsf', stored)).toBe(false)
    expect(await verify('', stored)).toBe(false)
  })

  test('is stored by argon2id with its parameters and a fresh salt', async () => {
    const [first, second] = await Promise.all([hash('same'), hash('same')])
    expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
    expect(first).not.toBe(second)
  })

  test('is the same however its characters are composed', async () => {
    const stored = await hash('caf\u00e9 \u5b89\u94c3')
    expect(await verify('cafe\u0301 \u5b89\u94c3', stored)).toBe(true)
  })

  test('of nobody never matches', async () => {
    expect(await verify('anything', undefined)).toBe(false)
  })

  test('that was hashed with other parameters still matches', async () => {
    // argon2id, m=64, t=1: what an older release may have written.
    const nonce = Buffer.alloc(16, 7)
    const tag = argon2Sync('argon2id', {
      message: 'older',
      nonce,
      memory: 64,
      passes: 1,
      parallelism: 1,
      tagLength: 32,
    })
    const base64 = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '')
    const stored = `$argon2id$v=19$m=64,t=1,p=1$${base64(nonce)}$${base64(tag)}`
    expect(await verify('older', stored)).toBe(true)
    expect(await verify('newer', stored)).toBe(false)
  })
})

describe('a flood of hashings', () => {
  test('is turned away beyond a bounded queue, and the queue is free again afterwards', async () => {
    const flood = Array.from({ length: 40 }, () => hash('flood'))
    const turnedAway = (await Promise.all(flood)).filter(answer => answer === undefined)
    expect(turnedAway).toHaveLength(40 - 32)
    expect(await hash('after')).toBeDefined()
  })
})
