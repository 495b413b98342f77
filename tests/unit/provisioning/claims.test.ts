import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  claimCodeFrom,
  claimPayload,
  readClaimCode,
  readClaimPayload,
} from '../../../gateway/model/claim-code.ts'
import { withTemporaryDirectory } from '../../support/temporary-directory.ts'
import { dayMs, device, openDepot, start, technician } from './depot.ts'

const random = fc.uint8Array({ minLength: 10, maxLength: 10 })
const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

describe('the text of a claim code', () => {
  test('is read as it was made, in any case, in groups, and with letters that look like digits', () => {
    fc.assert(
      fc.property(random, bytes => {
        const code = claimCodeFrom(bytes)
        expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{10}[0-9A-HJKMNP-TV-Z*~$=U]$/)
        expect(readClaimCode(code)).toBe(code)
        const typed = `${code.slice(0, 5)}-${code.slice(5)} `.toLowerCase()
        expect(readClaimCode(typed)).toBe(code)
        expect(readClaimCode(typed.replaceAll('0', 'o').replaceAll('1', 'l'))).toBe(code)
      }),
    )
  })

  test('is not one with a character wrong, or with two neighbours swapped', () => {
    fc.assert(
      fc.property(random, fc.nat(9), fc.constantFrom(...digits.split('')), (bytes, at, digit) => {
        const code = claimCodeFrom(bytes)
        const slip = code.slice(0, at) + digit + code.slice(at + 1)
        expect(readClaimCode(slip)).toBe(slip === code ? code : undefined)
        if (at === 9) return
        const swapped = code.slice(0, at) + code.charAt(at + 1) + code.charAt(at) + code.slice(at + 2)
        expect(readClaimCode(swapped)).toBe(swapped === code ? code : undefined)
      }),
    )
  })

  test('checks itself as Crockford has it', () => {
    // 37 is written 15 and leaves nothing, 36 is written 14 and leaves what is written U.
    expect(claimCodeFrom(new Uint8Array([0, 0, 0, 0, 0, 0, 0, 0, 1, 5]))).toBe('00000000150')
    expect(claimCodeFrom(new Uint8Array([0, 0, 0, 0, 0, 0, 0, 0, 1, 4]))).toBe('0000000014U')
  })

  test('is scanned with its device, and nothing else is taken for one', () => {
    const claim = { device: device('btn-1'), code: claimCodeFrom(new Uint8Array(10).fill(7)) }
    expect(readClaimPayload(` ${claimPayload(claim)}\n`)).toEqual(claim)
    for (const other of ['ANLING:2:btn-1:X', 'ANLING:1:btn 1:X', 'ANLING:1:btn-1', 'https://example.org', ''])
      expect(readClaimPayload(other)).toBeUndefined()
  })
})

describe('a claim code', () => {
  test('works once: used, it is void, and what it gave stays good', async () => {
    const depot = await openDepot()
    const claim = await depot.boxed('btn-1')
    const { secret } = depot.must(await depot.lives.claim(claim, technician))
    expect(await depot.lives.claim(claim, technician)).toMatchObject({ refused: 'claim-void' })
    expect(depot.logsIn(claim.device, secret)).toBe(true)
  })

  test('that two people scan at the same moment gives one of them a secret that works', async () => {
    const depot = await openDepot()
    const claim = await depot.boxed('btn-1')
    const answers = await Promise.all([1, 2, 3].map(() => depot.lives.claim(claim, technician)))
    const secrets = answers.flatMap(answer => ('secret' in answer ? [answer.secret] : []))
    expect(secrets).toHaveLength(1)
    expect(depot.logsIn(claim.device, secrets[0] ?? '')).toBe(true)
  })

  test('is good for its device only', async () => {
    const depot = await openDepot()
    const { code } = await depot.boxed('btn-1')
    const { device: other } = await depot.boxed('btn-2')
    for (const foreign of [other, device('nobody'), device('old-1')])
      expect(await depot.lives.claim({ device: foreign, code }, technician)).toMatchObject({
        refused: 'wrong-claim-code',
      })
  })

  test('gives way to a newer one, of which the old one says so', async () => {
    const depot = await openDepot()
    const claim = await depot.boxed('btn-1')
    const newer = depot.must(await depot.lives.makeCode(claim.device, technician))
    expect(await depot.lives.claim(claim, technician)).toMatchObject({ refused: 'claim-void' })
    expect(await depot.lives.claim(newer, technician)).toHaveProperty('secret')
    expect(await depot.lives.claim(newer, technician)).toMatchObject({ refused: 'claim-void' })
  })

  test('of a device at work gives it a new secret, and leaves it at work', async () => {
    const depot = await openDepot()
    const old = device('old-1')
    const claim = depot.must(await depot.lives.makeCode(old, technician))
    expect(depot.logsIn(old, 'old-secret')).toBe(true)
    const { secret } = depot.must(await depot.lives.claim(claim, technician))
    expect([depot.logsIn(old, 'old-secret'), depot.logsIn(old, secret)]).toEqual([false, true])
    expect(depot.lives.of(old)?.state).toBe('enabled')
    expect(depot.ended).toEqual([old])
  })

  test('expires, and does not come back when the clock is set back, nor after a restart', () =>
    withTemporaryDirectory(async directory => {
      const depot = await openDepot(directory)
      const claim = await depot.boxed('btn-1')
      const unseen = await depot.boxed('btn-2')
      await depot.clock.pass(90 * dayMs - 1)
      expect(depot.lives.opensClaim(claim)).toBe(true)
      await depot.clock.pass(1)
      expect(await depot.lives.claim(claim, technician)).toMatchObject({ refused: 'claim-void' })
      await depot.clock.pass(3_600_000)
      await depot.close()

      depot.clock.setWall(start)
      const again = await openDepot(directory, depot.clock)
      for (const one of [claim, unseen])
        expect(await again.lives.claim(one, technician)).toMatchObject({ refused: 'claim-void' })
      expect(again.eventsOf(unseen.device)).toEqual(['registered', 'code-made', 'code-lapsed'])
      await again.close()
    }))

  test('outlives a restart, and is nowhere on the disk', () =>
    withTemporaryDirectory(async directory => {
      const depot = await openDepot(directory)
      const claim = await depot.boxed('btn-1')
      await depot.close()
      const files = await Promise.all(
        (await readdir(directory)).map(name => readFile(join(directory, name), 'latin1')),
      )
      expect(files.some(text => text.includes(claim.device))).toBe(true)
      expect(files.some(text => text.includes(claim.code.slice(0, 10)))).toBe(false)
      const again = await openDepot(directory, depot.clock)
      expect(await again.lives.claim(claim, technician)).toHaveProperty('secret')
      await again.close()
    }))
})

describe('wrong claim codes', () => {
  const wrong = claimCodeFrom(new Uint8Array(10).fill(3))

  test('lock the claim of their device for 15 min after the fifth, and nothing else', async () => {
    const depot = await openDepot()
    const claim = await depot.boxed('btn-1')
    const other = await depot.boxed('btn-2')
    const attack = { device: claim.device, code: wrong }
    for (let turn = 0; turn < 5; turn += 1)
      expect(depot.lives.opensClaim(attack)).toMatchObject({ refused: 'wrong-claim-code' })
    expect(depot.lives.opensClaim(claim)).toMatchObject({
      refused: 'too-many-attempts',
      facts: { retryAfterSeconds: 900 },
    })
    expect(depot.lives.opensClaim(other)).toBe(true)
    depot.clock.setWall(start + 30 * dayMs)
    expect(depot.lives.opensClaim(claim)).toMatchObject({ refused: 'too-many-attempts' })
    await depot.clock.pass(15 * 60_000)
    expect(depot.lives.opensClaim(claim)).toBe(true)
  })

  test('lock out no device that has its secret', async () => {
    const depot = await openDepot()
    const { device: button, secret } = await depot.claimed('btn-1')
    for (let turn = 0; turn < 20; turn += 1) depot.lives.opensClaim({ device: button, code: wrong })
    expect(depot.logsIn(button, secret)).toBe(true)
  })

  test('do not count where they are slips of the finger, or where a technician has made a new code', async () => {
    const depot = await openDepot()
    const claim = await depot.boxed('btn-1')
    for (let turn = 0; turn < 20; turn += 1)
      depot.lives.opensClaim({ device: claim.device, code: `${claim.code}X` })
    expect(depot.lives.opensClaim(claim)).toBe(true)
    for (let turn = 0; turn < 5; turn += 1) depot.lives.opensClaim({ device: claim.device, code: wrong })
    const newer = depot.must(await depot.lives.makeCode(claim.device, technician))
    expect(depot.lives.opensClaim(newer)).toBe(true)
  })
})

describe('a box of devices', () => {
  test('is registered row by row: bad rows are named, good ones get their codes', async () => {
    const depot = await openDepot()
    const csv = [
      'id,model,room,home,secret',
      'btn-1,native/call-button,卧室,h-1,mine',
      'btn 2,native/call-button,,,',
      'btn-3,,,,',
      'btn-1,native/smoke,,,',
      'old-1,native/smoke,,,',
      'btn-4,native/smoke,,h-9,',
      'btn-5,native/smoke,,,',
    ].join('\n')
    const { codes, rejected } = await depot.lives.register(new TextEncoder().encode(csv), technician)
    expect(codes).toMatchObject([
      { device: 'btn-1', model: 'native/call-button', until: start + 90 * dayMs },
      { device: 'btn-5', model: 'native/smoke' },
    ])
    expect(rejected.map(({ row, id, code }) => [row, id, code])).toEqual([
      [1, 'btn 2', 'invalid-record'],
      [2, 'btn-3', 'invalid-record'],
      [3, 'btn-1', 'duplicate-id'],
      [4, 'old-1', 'already-registered'],
      [5, 'btn-4', 'unknown-reference'],
    ])
    expect(depot.registry.get('devices', 'btn-1')).toMatchObject({ home: 'h-1', room: '卧室' })
    expect(depot.logsIn(device('btn-1'), 'mine')).toBe(false)
    for (const claim of codes) expect(depot.lives.opensClaim(claim)).toBe(true)
  })

  test(
    'of 10,000 devices gives each a code of its own',
    () =>
      withTemporaryDirectory(async directory => {
        const depot = await openDepot(directory)
        const rows = Array.from({ length: 10_000 }, (_, index) => `btn-${index},native/call-button`)
        const csv = new TextEncoder().encode(['id,model', ...rows].join('\n'))
        const { codes } = await depot.lives.register(csv, technician)
        expect(new Set(codes.map(({ code }) => code)).size).toBe(10_000)
        await depot.close()
      }),
    30_000,
  )
})
