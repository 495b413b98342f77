import { describe, expect, test } from 'vitest'
import { AreaId, InstitutionId, PointId, ResidentId, UserId } from '../../../gateway/model/ids.ts'
import { roles } from '../../../gateway/model/permissions.ts'
import { type Scope, scopeKinds } from '../../../gateway/model/scope.ts'
import { from, hourMs, logIn, newDirectory, open, password, who } from './opened.ts'

const admin = UserId.parse('admin')
const wang = UserId.parse('wang')
const scopes = {
  area: { area: AreaId.parse('tiedong') },
  point: { point: PointId.parse('sp-001') },
  institution: { institution: InstitutionId.parse('inst-1') },
  resident: { resident: ResidentId.parse('r-0001') },
} as const satisfies Record<string, Scope>

describe('a scope', () => {
  test('binds each role by what it can be bound by, and by nothing else', async () => {
    const { access } = await open({ password })
    for (const role of roles) {
      const { by, must }: { by: readonly string[]; must: boolean } = scopeKinds[role]
      for (const [kind, scope] of Object.entries(scopes)) {
        const made = access.tokens.create({ name: `${role} ${kind}`, role, scopes: [scope] }, admin)
        if (by.includes(kind)) expect(made).toMatchObject({ token: { role, scopes: [scope] } })
        else expect(made).toMatchObject({ refused: 'invalid-scope' })
      }
      const unbound = access.tokens.create({ name: role, role }, admin)
      if (must) expect(unbound).toMatchObject({ refused: 'invalid-scope' })
      else expect(unbound).toHaveProperty('secret')
    }
  })

  test('names something that exists', async () => {
    const { access } = await open({ password, scopeExists: scope => 'area' in scope })
    const wanted = { username: wang, role: 'responder', scopes: [scopes.point] } as const
    expect(await access.users.create(wanted)).toEqual({
      refused: 'unknown-reference',
      detail: 'there is no {"point":"sp-001"}',
    })
    expect(access.invitations.create({ ...wanted, name: '王芳', hours: 1 }, admin)).toMatchObject({
      refused: 'unknown-reference',
    })
    expect(access.users.get('wang')).toBeUndefined()
    expect(await access.users.create({ ...wanted, role: 'operator', scopes: [scopes.area] })).toHaveProperty(
      'user',
    )
  })

  test('given, changed or taken away holds in open sessions at once, and after a restart', async () => {
    const directory = newDirectory()
    const { access, clock, close } = await open({ directory, password })
    await access.users.create({ username: wang, role: 'operator', scopes: [scopes.area], password })
    const session = await logIn(access, 'wang')
    expect(who(access, session)).toMatchObject({ role: 'operator', scopes: [scopes.area] })
    expect(await access.users.patch('wang', { role: 'responder' })).toMatchObject({
      refused: 'invalid-scope',
    })
    expect(who(access, session)).toMatchObject({ role: 'operator' })
    await access.users.patch('wang', { role: 'responder', scopes: [scopes.point] })
    expect(who(access, session)).toMatchObject({ role: 'responder', scopes: [scopes.point] })
    close()
    const later = await open({ directory, clock })
    expect(who(later.access, session)).toMatchObject({ role: 'responder', scopes: [scopes.point] })
    await later.access.users.patch('wang', { disabled: true })
    expect(who(later.access, session)).toBeUndefined()
  })

  test('of something that is gone keeps nobody from being disabled', async () => {
    let exists = true
    const { access } = await open({ password, scopeExists: () => exists })
    await access.users.create({ username: wang, role: 'family', scopes: [scopes.resident] })
    exists = false
    expect(await access.users.patch('wang', { disabled: true })).toMatchObject({ disabled: true })
  })

  test('does not bind the last administrator who can manage people', async () => {
    const { access } = await open({ password })
    const bound = { username: wang, role: 'administrator', scopes: [scopes.area] } as const
    await access.users.create(bound)
    const refused = { refused: 'last-administrator' }
    expect(await access.users.patch('admin', { disabled: true })).toEqual(refused)
    expect(await access.users.patch('admin', { scopes: [scopes.area] })).toEqual(refused)
    await access.users.patch('wang', { scopes: [] })
    expect(await access.users.patch('admin', { scopes: [scopes.area] })).toMatchObject({
      scopes: [scopes.area],
    })
  })
})

describe('a token', () => {
  test('acts with its scopes and what it was narrowed to, also after a restart', async () => {
    const directory = newDirectory()
    const { access, clock, close } = await open({ directory, password })
    const made = access.tokens.create(
      { name: 'board', role: 'operator', scopes: [scopes.area], permissions: ['alarm:read'] },
      admin,
    )
    const token = 'secret' in made ? made.secret : ''
    const expected = { role: 'operator', scopes: [scopes.area], only: ['alarm:read'], via: 'token' }
    expect(access.authenticate({ token })?.principal).toMatchObject(expected)
    close()
    const later = await open({ directory, clock })
    expect(later.access.authenticate({ token })?.principal).toMatchObject(expected)
    expect(later.access.tokens.list()).toMatchObject([{ permissions: ['alarm:read'] }])
  })
})

describe('a password that is easy to guess', () => {
  test('cannot be chosen, whoever chooses it for whom', async () => {
    const { access } = await open({ password })
    const weak = { refused: 'weak-password' }
    expect(
      await access.users.create({ username: wang, role: 'operator', password: 'Password123' }),
    ).toMatchObject(weak)
    await access.users.create({ username: wang, role: 'operator', password })
    expect(await access.users.patch('wang', { password: 'all-about-wang' })).toMatchObject(weak)
    const session = await logIn(access, 'wang')
    expect(await access.changePassword(session, from('wang'), '5201314520')).toMatchObject(weak)
    await logIn(access, 'wang')
  })

  test('that the settings give stays good', async () => {
    const { access } = await open({ password: 'admin123456' })
    await logIn(access, 'admin', 'admin123456')
  })
})

describe('sessions', () => {
  test('are listed with where they came from, the last used first, and end one by one', async () => {
    const directory = newDirectory()
    const { access, clock, close } = await open({ directory, password })
    const here = await logIn(access)
    clock.advance(1_000)
    const there = await access.login({ ...from('admin'), address: '10.0.0.2', userAgent: 'x'.repeat(300) })
    if ('refused' in there) throw new Error(there.refused)
    const [first, second] = access.sessions.list('admin')
    expect(first).toEqual({
      id: access.sessions.idOf(there.secret),
      username: 'admin',
      createdAt: clock.now(),
      lastUsedAt: clock.now(),
      address: '10.0.0.2',
      userAgent: 'x'.repeat(200),
    })
    expect(second).toMatchObject({ id: access.sessions.idOf(here), address: '10.0.0.1', userAgent: '' })
    close()
    const later = await open({ directory, clock })
    expect(later.access.sessions.list('admin')).toEqual([first, second])
    later.access.sessions.end(first?.id ?? '')
    expect(who(later.access, there.secret)).toBeUndefined()
    expect(who(later.access, here)).toBeDefined()
    expect(later.access.sessions.get(first?.id ?? '')).toBeUndefined()
    expect(later.access.authenticate({ session: second?.id ?? '' })).toBeUndefined()
  })

  test('that have ended are not listed', async () => {
    const { access, clock } = await open({ password })
    await logIn(access)
    clock.advance(12 * hourMs)
    expect(access.sessions.list('admin')).toEqual([])
  })
})
