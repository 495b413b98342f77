import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { OpenAccess } from '../../../gateway/access/access.ts'
import { openDatabase } from '../../../gateway/kit/sqlite.ts'
import { UserId } from '../../../gateway/model/ids.ts'
import { from, hourMs, logIn, newDirectory, open, password, who } from './opened.ts'

const addOperator = (access: OpenAccess) =>
  access.users.create({ username: UserId.parse('wang'), name: '王芳', role: 'operator', password })

describe('the first start', () => {
  test('makes admin with a password that is shown once and stays valid', async () => {
    const directory = newDirectory()
    const { access, clock } = await open({ directory })
    const made = access.firstPassword ?? ''
    expect(made.length).toBeGreaterThanOrEqual(20)
    expect(who(access, await logIn(access, 'admin', made))).toEqual({
      id: 'admin',
      name: 'admin',
      role: 'administrator',
      scopes: [],
      via: 'session',
    })
    const again = await open({ directory, clock })
    expect(again.access.firstPassword).toBeUndefined()
    expect(await again.access.login(from('admin', made))).not.toHaveProperty('refused')
  })

  test('takes a given password, which later starts do not change', async () => {
    const directory = newDirectory()
    const { access } = await open({ directory, password })
    expect(access.firstPassword).toBeUndefined()
    await logIn(access)
    const later = await open({ directory, password: 'another password' })
    await logIn(later.access)
    expect(await later.access.login(from('admin', 'another password'))).toEqual({
      refused: 'wrong-credentials',
    })
  })
})

describe('a login', () => {
  test('answers the same for a wrong password, an unknown user and a disabled one', async () => {
    const { access } = await open({ password })
    await addOperator(access)
    await access.users.patch('wang', { disabled: true })
    const refused = { refused: 'wrong-credentials' }
    expect(await access.login(from('admin', 'wrong'))).toEqual(refused)
    expect(await access.login(from('nobody'))).toEqual(refused)
    expect(await access.login(from('wang'))).toEqual(refused)
  })

  test('is slowed down after failures, and says for how long', async () => {
    const { access, clock } = await open({ password })
    for (let failures = 0; failures < 5; failures += 1) await access.login(from('admin', 'wrong'))
    expect(await access.login(from('admin'))).toEqual({
      refused: 'too-many-attempts',
      facts: { retryAfterSeconds: 1 },
    })
    clock.advance(1_000)
    await logIn(access)
  })

  test('works while the disk takes nothing, and says so in the log', async () => {
    const directory = newDirectory()
    const { access, warnings } = await open({ directory, password })
    const beside = openDatabase(join(directory, 'access.db'), { durability: 'normal' })
    beside.exec('DROP TABLE sessions')
    beside.close()
    expect(who(access, await logIn(access))?.id).toBe('admin')
    expect(warnings).toContain('sessions could not be written; a restart may log people out')
  })
})

describe('a session', () => {
  test('ends when nobody used it for the idle time', async () => {
    const { access, clock } = await open({ password })
    const session = await logIn(access)
    clock.advance(11 * hourMs)
    expect(who(access, session)).toBeDefined()
    clock.advance(12 * hourMs - 1)
    expect(who(access, session)).toBeDefined()
    const other = await logIn(access)
    clock.advance(12 * hourMs)
    expect(who(access, other)).toBeUndefined()
  })

  test('ends at its absolute limit however busy it is', async () => {
    const { access, clock } = await open({ password })
    const session = await logIn(access)
    for (let hours = 1; hours < 24; hours += 1) {
      clock.advance(hourMs)
      expect(who(access, session)).toBeDefined()
    }
    clock.advance(hourMs)
    expect(who(access, session)).toBeUndefined()
  })

  test('survives a restart with the time of its last use', async () => {
    const directory = newDirectory()
    const { access, clock, close } = await open({ directory, password })
    const session = await logIn(access)
    clock.advance(11 * hourMs)
    who(access, session)
    close()
    clock.advance(11 * hourMs)
    const later = await open({ directory, clock })
    expect(who(later.access, session)?.id).toBe('admin')
  })

  test('is over after logout', async () => {
    const { access } = await open({ password })
    const session = await logIn(access)
    access.logout(session)
    expect(who(access, session)).toBeUndefined()
  })

  test('is the least recently used of twenty that ends for the next', async () => {
    const { access, clock } = await open({ password })
    const sessions: string[] = []
    for (let count = 0; count < 20; count += 1) {
      sessions.push(await logIn(access))
      clock.advance(1)
    }
    const [first = '', second = ''] = sessions
    who(access, first)
    await logIn(access)
    expect(who(access, first)).toBeDefined()
    expect(who(access, second)).toBeUndefined()
  })

  test('that somebody makes up is nobody’s', async () => {
    const { access } = await open({ password })
    await logIn(access)
    expect(who(access, 'made-up')).toBeUndefined()
    expect(who(access, '')).toBeUndefined()
  })
})

describe('a user', () => {
  test('who is disabled or gets a new password loses all sessions at once', async () => {
    const { access } = await open({ password })
    await addOperator(access)
    const first = await logIn(access, 'wang')
    await access.users.patch('wang', { password: 'a new password' })
    expect(who(access, first)).toBeUndefined()
    const second = await logIn(access, 'wang', 'a new password')
    await access.users.patch('wang', { disabled: true })
    expect(who(access, second)).toBeUndefined()
  })

  test('who is disabled takes the tokens and open invitations along that they made, for good, and nobody else’s', async () => {
    const directory = newDirectory()
    const opened = await open({ directory, password })
    const { access, clock } = opened
    await addOperator(access)
    const [wang, admin] = [UserId.parse('wang'), UserId.parse('admin')]
    const token = (name: string, by: UserId) => {
      const made = access.tokens.create({ name, role: 'operator' }, by)
      if ('refused' in made) throw new Error(made.refused)
      return made
    }
    const invite = (username: string, by: UserId) =>
      access.invitations.create(
        { username: UserId.parse(username), name: username, role: 'operator', scopes: [], hours: 72 },
        by,
      )
    const theirs = token('theirs', wang)
    const ofTheirs = token('made with theirs', theirs.token.id)
    const other = token('of another', admin)
    invite('zhao', wang)
    invite('qian', ofTheirs.token.id)
    invite('sun', admin)
    expect(await access.users.patch('wang', { name: '王' })).not.toHaveProperty('revoked')
    expect(await access.users.patch('wang', { disabled: true })).toMatchObject({
      disabled: true,
      revoked: { tokens: 2, invitations: 2 },
    })
    const left = ({ tokens, invitations }: typeof access) => [
      tokens.list().map(({ name }) => name),
      invitations.list().map(({ username }) => username),
    ]
    expect(left(access)).toEqual([['of another'], ['sun']])
    expect(access.authenticate({ token: theirs.secret })).toBeUndefined()
    expect(access.authenticate({ token: ofTheirs.secret })).toBeUndefined()
    expect(access.authenticate({ token: other.secret })).toBeDefined()
    opened.close()
    const later = await open({ directory, clock })
    expect(left(later.access)).toEqual([['of another'], ['sun']])
    expect(await later.access.users.patch('wang', { disabled: false })).toMatchObject({ disabled: false })
    expect(left(later.access)).toEqual([['of another'], ['sun']])
  })

  test('who was disabled when nothing went along has it taken by being disabled once more', async () => {
    const { access } = await open({ password })
    await addOperator(access)
    await access.users.patch('wang', { disabled: true })
    const left = access.tokens.create({ name: 'left', role: 'operator' }, UserId.parse('wang'))
    expect(await access.users.patch('wang', { name: '王' })).not.toHaveProperty('revoked')
    expect(access.authenticate({ token: 'secret' in left ? left.secret : '' })).toBeDefined()
    expect(await access.users.patch('wang', { disabled: true })).toMatchObject({ revoked: { tokens: 1 } })
    expect(access.authenticate({ token: 'secret' in left ? left.secret : '' })).toBeUndefined()
  })

  test('who is disabled takes along what a token of theirs has made, also when that token was revoked long before', async () => {
    const directory = newDirectory()
    const opened = await open({ directory, password })
    await addOperator(opened.access)
    const token = (name: string, by: UserId) => {
      const made = opened.access.tokens.create({ name, role: 'operator' }, by)
      if ('refused' in made) throw new Error(made.refused)
      return made
    }
    const first = token('first', UserId.parse('wang'))
    const second = token('second', first.token.id)
    const invited = {
      username: UserId.parse('zhao'),
      name: '赵',
      role: 'operator',
      scopes: [],
      hours: 72,
    } as const
    opened.access.invitations.create(invited, first.token.id)
    expect(opened.access.tokens.revoke(first.token.id)).toBe(true)
    expect(opened.access.authenticate({ token: second.secret })).toBeDefined()
    opened.close()
    const { access } = await open({ directory, clock: opened.clock })
    expect(await access.users.patch('wang', { disabled: true })).toMatchObject({
      revoked: { tokens: 1, invitations: 1 },
    })
    expect(access.authenticate({ token: second.secret })).toBeUndefined()
    expect(access.invitations.list()).toEqual([])
  })

  test('whose role changes has the new one in the running session', async () => {
    const { access } = await open({ password })
    await addOperator(access)
    const session = await logIn(access, 'wang')
    await access.users.patch('wang', { role: 'administrator' })
    expect(who(access, session)).toMatchObject({ name: '王芳', role: 'administrator' })
  })

  test('changes the own password with the old one, keeping this session and ending the others', async () => {
    const { access } = await open({ password })
    const [here, elsewhere] = [await logIn(access), await logIn(access)]
    expect(await access.changePassword(here, from('admin', 'wrong'), 'a new password')).toEqual({
      refused: 'wrong-credentials',
    })
    expect(await access.changePassword(here, from('admin'), 'a new password')).toMatchObject({
      username: 'admin',
    })
    expect(who(access, here)).toBeDefined()
    expect(who(access, elsewhere)).toBeUndefined()
    await logIn(access, 'admin', 'a new password')
  })

  test('cannot be made twice', async () => {
    const { access } = await open({ password })
    expect(await addOperator(access)).toHaveProperty('user')
    expect(await addOperator(access)).toEqual({ refused: 'user-exists' })
  })

  test('made without a password gets one that is shown once', async () => {
    const { access } = await open({ password })
    const made = await access.users.create({ username: UserId.parse('li'), role: 'operator' })
    await logIn(access, 'li', 'password' in made ? made.password : '')
  })

  test('who is the last administrator cannot be disabled or demoted', async () => {
    const { access } = await open({ password })
    await addOperator(access)
    const refused = { refused: 'last-administrator' }
    expect(await access.users.patch('admin', { disabled: true })).toEqual(refused)
    expect(await access.users.patch('admin', { role: 'operator' })).toEqual(refused)
    await access.users.patch('wang', { role: 'administrator' })
    expect(await access.users.patch('admin', { disabled: true })).toMatchObject({ disabled: true })
    expect(await access.users.patch('wang', { role: 'operator' })).toEqual(refused)
  })
})

describe('a token', () => {
  const admin = UserId.parse('admin')

  test('acts under its own id until it is revoked, also after a restart', async () => {
    const directory = newDirectory()
    const { access } = await open({ directory, password })
    const made = access.tokens.create({ name: 'report', role: 'operator' }, admin)
    if ('refused' in made) throw new Error(made.refused)
    expect(made.secret).toMatch(/^anl_[A-Za-z0-9_-]{43}$/)
    const principal = { id: made.token.id, name: 'report', role: 'operator', scopes: [], via: 'token' }
    expect(access.authenticate({ token: made.secret })?.principal).toEqual(principal)
    const later = await open({ directory })
    expect(later.access.authenticate({ token: made.secret })?.principal).toEqual(principal)
    expect(later.access.tokens.revoke(made.token.id)).toBe(true)
    expect(later.access.authenticate({ token: made.secret })).toBeUndefined()
    expect(later.access.tokens.revoke(made.token.id)).toBe(false)
  })

  test('ends at its expiry', async () => {
    const { access, clock } = await open({ password })
    const made = access.tokens.create({ name: 'x', role: 'operator', expiresAt: clock.now() + 1_000 }, admin)
    const token = 'secret' in made ? made.secret : ''
    clock.advance(999)
    expect(access.authenticate({ token })).toBeDefined()
    clock.advance(1)
    expect(access.authenticate({ token })).toBeUndefined()
  })

  test('shows when it was last used, which is written once a minute', async () => {
    const directory = newDirectory()
    const { access, clock } = await open({ directory, password })
    const made = access.tokens.create({ name: 'x', role: 'operator' }, admin)
    clock.advance(5_000)
    const usedAt = clock.now()
    access.authenticate({ token: 'secret' in made ? made.secret : '' })
    expect(access.tokens.list()).toMatchObject([{ lastUsedAt: usedAt }])
    clock.advance(60_000)
    const beside = await open({ directory })
    expect(beside.access.tokens.list()).toMatchObject([{ lastUsedAt: usedAt }])
  })
})

describe('the file', () => {
  test('holds no password, session or token that could be used', async () => {
    const directory = newDirectory()
    const { access, close } = await open({ directory, password })
    const session = await logIn(access)
    const made = access.tokens.create({ name: 'report', role: 'operator' }, UserId.parse('admin'))
    close()
    const bytes = readFileSync(join(directory, 'access.db'))
    expect(bytes.includes('report')).toBe(true)
    for (const secret of [password, session, 'secret' in made ? made.secret : session]) {
      expect(bytes.includes(secret)).toBe(false)
    }
  })
})
