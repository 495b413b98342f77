import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { OpenAccess } from '../../../gateway/access/access.ts'
import { PointId, UserId } from '../../../gateway/model/ids.ts'
import { hourMs, logIn, newDirectory, open, password, who } from './opened.ts'

const admin = UserId.parse('admin')
const zhao = {
  username: UserId.parse('zhao'),
  name: '赵强',
  role: 'responder',
  scopes: [{ point: PointId.parse('sp-001') }],
  hours: 72,
} as const

const invite = (access: OpenAccess, wanted: Partial<typeof zhao> | { hours: number } = {}) => {
  const made = access.invitations.create({ ...zhao, ...wanted }, admin)
  if ('refused' in made) throw new Error(made.refused)
  return made
}
const accept = (access: OpenAccess, token: string, chosen = 'a password of my own', address = '10.0.0.7') =>
  access.invitations.accept({ token, password: chosen, address, userAgent: 'a telephone' })
const gone = { refused: 'invitation-void' }

describe('an invitation', () => {
  test('makes the person with role and scopes, logs in, and is good once, also across restarts', async () => {
    const directory = newDirectory()
    const { access, clock, close } = await open({ directory, password })
    const { invitation, secret } = invite(access)
    expect(access.invitations.list()).toEqual([invitation])
    expect(invitation).toMatchObject({ createdBy: 'admin', expiresAt: clock.now() + 72 * hourMs })
    close()
    expect(readFileSync(join(directory, 'access.db')).includes(secret)).toBe(false)
    const later = await open({ directory, clock })
    expect(later.access.invitations.list()).toEqual([invitation])
    const accepted = await accept(later.access, secret)
    expect(who(later.access, 'secret' in accepted ? accepted.secret : '')).toEqual({
      id: 'zhao',
      name: '赵强',
      role: 'responder',
      scopes: zhao.scopes,
      via: 'session',
    })
    expect(later.access.sessions.list('zhao')).toMatchObject([
      { address: '10.0.0.7', userAgent: 'a telephone' },
    ])
    expect(await accept(later.access, secret)).toEqual(gone)
    expect(later.access.invitations.list()).toEqual([])
    later.close()
    const last = await open({ directory, clock })
    expect(await accept(last.access, secret)).toEqual(gone)
    await logIn(last.access, 'zhao', 'a password of my own')
  })

  test('accepted twice at one time is won by one', async () => {
    const { access } = await open({ password })
    const { secret } = invite(access)
    const answers = await Promise.all(
      ['first', 'second'].map(name => accept(access, secret, `the ${name} to come`)),
    )
    expect(answers.filter(answer => 'secret' in answer)).toHaveLength(1)
    expect(answers.filter(answer => 'refused' in answer)).toEqual([gone])
    expect(access.sessions.list('zhao')).toHaveLength(1)
  })

  test('is void when it has expired, was withdrawn or replaced, or was made up', async () => {
    const { access, clock } = await open({ password })
    const replaced = invite(access)
    const expired = invite(access, { hours: 1 })
    expect(access.invitations.list()).toEqual([expired.invitation])
    expect(await accept(access, replaced.secret)).toEqual(gone)
    clock.advance(hourMs)
    expect(await accept(access, expired.secret)).toEqual(gone)
    expect(access.invitations.list()).toEqual([])
    const withdrawn = invite(access)
    expect(access.invitations.withdraw(withdrawn.invitation.id)).toBe(true)
    expect(access.invitations.withdraw(withdrawn.invitation.id)).toBe(false)
    expect(await accept(access, withdrawn.secret)).toEqual(gone)
    expect(await accept(access, 'made-up')).toEqual(gone)
    expect(access.users.get('zhao')).toBeUndefined()
  })

  test('withdrawn while the password is being hashed is not accepted', async () => {
    const { access } = await open({ password })
    const { invitation, secret } = invite(access)
    const accepting = accept(access, secret)
    access.invitations.withdraw(invitation.id)
    expect(await accepting).toEqual(gone)
    expect(access.users.get('zhao')).toBeUndefined()
  })

  test('is for names that nobody has, and for roles as they can be bound', async () => {
    const { access } = await open({ password })
    expect(access.invitations.create({ ...zhao, username: admin }, admin)).toEqual({ refused: 'user-exists' })
    expect(access.invitations.create({ ...zhao, scopes: [] }, admin)).toMatchObject({
      refused: 'invalid-scope',
    })
    const { secret } = invite(access)
    await access.users.create({ username: zhao.username, role: 'operator' })
    expect(await accept(access, secret)).toEqual(gone)
  })

  test('stays open when the chosen password is too easy', async () => {
    const { access } = await open({ password })
    const { secret } = invite(access)
    expect(await accept(access, secret, 'zhao123456')).toMatchObject({ refused: 'weak-password' })
    expect(await accept(access, secret)).toHaveProperty('secret')
  })

  test('is not guessed: an address waits after twenty links that were none, others do not', async () => {
    const { access, clock } = await open({ password })
    const { secret } = invite(access)
    for (let count = 0; count < 20; count += 1) expect(await accept(access, `guess-${count}`)).toEqual(gone)
    expect(await accept(access, secret)).toEqual({
      refused: 'too-many-attempts',
      facts: { retryAfterSeconds: 1 },
    })
    clock.advance(1_000)
    expect(await accept(access, secret, undefined, '10.0.0.8')).toHaveProperty('secret')
  })

  test('is one of a thousand at most', async () => {
    const { access } = await open({ password })
    for (let count = 0; count < 1_000; count += 1) {
      access.invitations.create({ ...zhao, username: UserId.parse(`user-${count}`) }, admin)
    }
    expect(access.invitations.create(zhao, admin)).toMatchObject({ refused: 'too-busy' })
    expect(access.invitations.list()).toHaveLength(1_000)
  })
})
