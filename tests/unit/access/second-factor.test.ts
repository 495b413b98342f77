import { createHmac, hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Secret } from 'otpauth'
import { describe, expect, test } from 'vitest'
import { keysOfAccess } from '../../../gateway/access/needed-keys.ts'
import { UserId } from '../../../gateway/model/ids.ts'
import { from, logIn, newDirectory, type Opened, open, password, who } from './opened.ts'

const admin = UserId.parse('admin')
const stepMs = 30_000

/** What the person's telephone shows (RFC 6238, 4.2; RFC 4226, 5.3), from the address that was scanned. */
const codeAt = (uri: string, timestamp: number): string => {
  const step = Buffer.alloc(8)
  step.writeBigUInt64BE(BigInt(Math.floor(timestamp / stepMs)))
  const { bytes } = Secret.fromBase32(new URL(uri).searchParams.get('secret') ?? '')
  const mac = createHmac('sha1', bytes).update(step).digest()
  const truncated = mac.readUInt32BE((mac.at(-1) ?? 0) & 15) & 0x7fff_ffff
  return String(truncated % 1_000_000).padStart(6, '0')
}

const enrol = async (opened: Opened): Promise<{ uri: string; recoveryCodes: readonly string[] }> => {
  const { access, clock } = opened
  const begun = await access.secondFactors.begin(from('admin'))
  if ('refused' in begun) throw new Error(begun.refused)
  const confirmed = access.secondFactors.confirm(admin, codeAt(begun.uri, clock.now()))
  if ('refused' in confirmed) throw new Error(confirmed.refused)
  clock.advance(stepMs)
  return { uri: begun.uri, recoveryCodes: confirmed.recoveryCodes }
}

const wrong = { refused: 'wrong-credentials' }
const needed = { refused: 'second-factor-needed' }

describe('setting up a second factor', () => {
  test('asks for the password, shows secret, address and picture, and counts once it is confirmed', async () => {
    const { access, clock } = await open({ password })
    expect(await access.secondFactors.begin(from('admin', 'wrong'))).toEqual(wrong)
    const begun = await access.secondFactors.begin(from('admin'))
    if ('refused' in begun) throw new Error(begun.refused)
    expect(begun.uri).toBe(
      `otpauth://totp/Anling:admin?issuer=Anling&secret=${begun.secret}&algorithm=SHA1&digits=6&period=30`,
    )
    expect(begun.secret).toMatch(/^[A-Z2-7]{32}$/)
    expect(begun.qr).toMatch(/^<svg /)
    await logIn(access)
    expect(access.secondFactors.confirm(admin, '000000')).toMatchObject(wrong)
    const confirmed = access.secondFactors.confirm(admin, codeAt(begun.uri, clock.now()))
    if ('refused' in confirmed) throw new Error(confirmed.refused)
    expect(new Set(confirmed.recoveryCodes).size).toBe(10)
    for (const code of confirmed.recoveryCodes) expect(code).toMatch(/^([a-z2-7]{4}-){3}[a-z2-7]{4}$/)
    expect(access.users.get('admin')).toMatchObject({ secondFactor: true })
    expect(await access.login(from('admin'))).toEqual(needed)
  })

  test('is begun anew after ten minutes, and not at all while there is one', async () => {
    const opened = await open({ password })
    const { access, clock } = opened
    const void_ = { refused: 'wrong-second-factor-state' }
    expect(access.secondFactors.confirm(admin, '000000')).toMatchObject(void_)
    const begun = await access.secondFactors.begin(from('admin'))
    clock.advance(600_000)
    const code = 'uri' in begun ? codeAt(begun.uri, clock.now()) : ''
    expect(access.secondFactors.confirm(admin, code)).toMatchObject(void_)
    await enrol(opened)
    expect(await access.secondFactors.begin(from('admin'))).toMatchObject(void_)
  })
})

describe('a login with a second factor', () => {
  test('takes the code of now and of half a minute off, and no other', async () => {
    const opened = await open({ password })
    const { access, clock } = opened
    const { uri } = await enrol(opened)
    for (const offset of [-2, 2]) {
      const code = codeAt(uri, clock.now() + offset * stepMs)
      expect(await access.login({ ...from('admin'), code }), String(offset)).toEqual(wrong)
    }
    clock.advance(stepMs)
    for (const offset of [-1, 0, 1]) {
      const code = codeAt(uri, clock.now() + offset * stepMs)
      expect(await access.login({ ...from('admin'), code }), String(offset)).toHaveProperty('secret')
    }
    expect(await access.login({ ...from('admin', 'wrong'), code: codeAt(uri, clock.now()) })).toEqual(wrong)
  })

  test('takes no code twice, not after a restart, nor when the clock is set back', async () => {
    const directory = newDirectory()
    const opened = await open({ directory, password })
    const { access, clock, vault } = opened
    const { uri } = await enrol(opened)
    const login = { ...from('admin'), code: codeAt(uri, clock.now()) }
    expect(await access.login(login)).toHaveProperty('secret')
    expect(await access.login(login)).toEqual(wrong)
    opened.close()
    const later = await open({ directory, clock, vault })
    expect(await later.access.login(login)).toEqual(wrong)
    clock.advance(stepMs)
    expect(await later.access.login(login)).toEqual(wrong)
    clock.setWall(clock.now() - stepMs)
    expect(await later.access.login(login)).toEqual(wrong)
    clock.advance(2 * stepMs)
    expect(await later.access.login({ ...login, code: codeAt(uri, clock.now()) })).toHaveProperty('secret')
  })

  test('takes each recovery code once, typed in any way, also after a restart', async () => {
    const directory = newDirectory()
    const opened = await open({ directory, password })
    const { recoveryCodes } = await enrol(opened)
    const [first = '', second = ''] = recoveryCodes
    expect(await opened.access.login({ ...from('admin'), code: first })).toHaveProperty('secret')
    expect(await opened.access.login({ ...from('admin'), code: first })).toEqual(wrong)
    opened.close()
    const { access } = await open({ directory, clock: opened.clock, vault: opened.vault })
    expect(await access.login({ ...from('admin'), code: first })).toEqual(wrong)
    const typed = second.toUpperCase().replaceAll('-', ' ')
    expect(await access.login({ ...from('admin'), code: typed })).toHaveProperty('secret')
  })

  test('is slowed down for whoever guesses codes; to ask for the code is no guess', async () => {
    const opened = await open({ password })
    const { access } = opened
    await enrol(opened)
    for (let count = 0; count < 7; count += 1) expect(await access.login(from('admin'))).toEqual(needed)
    for (let count = 0; count < 5; count += 1) {
      expect(await access.login({ ...from('admin'), code: '000000' })).toEqual(wrong)
      if (count < 4) expect(await access.login(from('admin'))).toEqual(needed)
    }
    expect(await access.login(from('admin'))).toMatchObject({ refused: 'too-many-attempts' })
  })
})

describe('a second factor', () => {
  test('is removed by its owner with password and code, and by an administrator without', async () => {
    const opened = await open({ password })
    const { access, clock } = opened
    const { uri } = await enrol(opened)
    const code = codeAt(uri, clock.now())
    expect(await access.secondFactors.remove(from('admin'))).toEqual(needed)
    expect(await access.secondFactors.remove({ ...from('admin', 'wrong'), code })).toEqual(wrong)
    expect(await access.secondFactors.remove({ ...from('admin'), code })).toMatchObject({
      secondFactor: false,
    })
    expect(who(access, await logIn(access))?.id).toBe('admin')
    expect(await access.secondFactors.remove({ ...from('admin'), code })).toMatchObject({
      refused: 'wrong-second-factor-state',
    })
    await enrol(opened)
    expect(await access.users.patch('admin', { secondFactor: false })).toMatchObject({ secondFactor: false })
    await logIn(access)
  })

  test('lies sealed on the disk, its recovery codes as hashes', async () => {
    const directory = newDirectory()
    const opened = await open({ directory, password })
    const { uri, recoveryCodes } = await enrol(opened)
    opened.close()
    const bytes = readFileSync(join(directory, 'access.db'))
    const { secret } = Object.fromEntries(new URL(uri).searchParams)
    const plain = recoveryCodes.map(code => code.replaceAll('-', '').toUpperCase())
    expect(bytes.includes(hash('sha256', plain[0] ?? '', 'hex'))).toBe(true)
    for (const hidden of [secret ?? '', Secret.fromBase32(secret ?? '').bytes, ...recoveryCodes, ...plain]) {
      expect(bytes.includes(hidden)).toBe(false)
    }
  })

  test('is sealed anew with a new key, and the old one is needed no more', async () => {
    const directory = newDirectory()
    expect(keysOfAccess(directory)).toEqual([])
    const opened = await open({ directory, password })
    const { access, clock, vault } = opened
    const { uri } = await enrol(opened)
    const old = vault.currentKey()
    vault.rotate()
    expect(access.sealed.counts()).toEqual(new Map([[old, 1]]))
    expect(access.sealed.reseal('')).toBe('admin')
    expect(access.sealed.reseal('admin')).toBeUndefined()
    expect(access.sealed.counts()).toEqual(new Map([[vault.currentKey(), 1]]))
    vault.lose(old)
    opened.close()
    expect(keysOfAccess(directory)).toEqual([vault.currentKey()])
    const later = await open({ directory, clock, vault })
    const code = codeAt(uri, clock.now())
    expect(await later.access.login({ ...from('admin'), code })).toHaveProperty('secret')
  })

  test('whose key is lost keeps its seal, and a recovery code still lets its owner in', async () => {
    const opened = await open({ password })
    const { access, vault } = opened
    const { recoveryCodes } = await enrol(opened)
    const old = vault.currentKey()
    vault.rotate()
    vault.lose(old)
    access.sealed.reseal('')
    expect(access.sealed.counts()).toEqual(new Map([[old, 1]]))
    expect(await access.login({ ...from('admin'), code: recoveryCodes[0] ?? '' })).toHaveProperty('secret')
  })
})
