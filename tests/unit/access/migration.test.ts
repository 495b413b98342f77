import { hash } from 'node:crypto'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createPasswords } from '../../../gateway/access/passwords.ts'
import { openDatabase } from '../../../gateway/kit/sqlite.ts'
import { PointId } from '../../../gateway/model/ids.ts'
import { createVirtualClock } from '../../support/virtual-clock.ts'
import { logIn, newDirectory, open, password, who } from './opened.ts'

const now = 1_700_000_000_000

/** As the first version of the gateway made it, which counted no versions. */
const oldSchema = `
  CREATE TABLE users (
    username TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, passwordHash TEXT NOT NULL,
    disabled INTEGER NOT NULL, createdAt INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE sessions (
    hash TEXT PRIMARY KEY, username TEXT NOT NULL REFERENCES users, createdAt INTEGER NOT NULL,
    lastUsedAt INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE tokens (
    id TEXT PRIMARY KEY, hash TEXT NOT NULL UNIQUE, name TEXT NOT NULL, role TEXT NOT NULL,
    createdBy TEXT NOT NULL, createdAt INTEGER NOT NULL, expiresAt INTEGER, lastUsedAt INTEGER
  ) STRICT;
`

const writeOldFile = async (directory: string): Promise<void> => {
  const passwordHash = await createPasswords(size => new Uint8Array(size)).hash(password)
  const database = openDatabase(join(directory, 'access.db'), { durability: 'normal' })
  database.exec(oldSchema)
  const insertUser = database.prepare('INSERT INTO users VALUES (?, ?, ?, ?, ?, ?)')
  insertUser.run('admin', 'admin', 'administrator', passwordHash ?? '', 0, now - 3)
  insertUser.run('wang', '王芳', 'operator', passwordHash ?? '', 0, now - 2)
  insertUser.run('li', '李娜', 'operator', passwordHash ?? '', 1, now - 1)
  database.exec(`
    INSERT INTO sessions VALUES ('${hash('sha256', 'wang-session', 'hex')}', 'wang', ${now - 1_000}, ${now - 1_000});
    INSERT INTO tokens VALUES
      ('token-01', '${hash('sha256', 'anl_old', 'hex')}', 'report', 'operator', 'admin', ${now}, NULL, NULL);
  `)
  database.close()
}

test('a file from before roles had scopes opens with everybody in it, bound to nothing', async () => {
  const directory = newDirectory()
  await writeOldFile(directory)
  const clock = createVirtualClock(now)
  const { access, close } = await open({ directory, clock })
  const common = { scopes: [], secondFactor: false }
  expect(access.firstPassword).toBeUndefined()
  expect(access.users.list()).toEqual([
    {
      username: 'admin',
      name: 'admin',
      role: 'administrator',
      disabled: false,
      createdAt: now - 3,
      ...common,
    },
    { username: 'li', name: '李娜', role: 'operator', disabled: true, createdAt: now - 1, ...common },
    { username: 'wang', name: '王芳', role: 'operator', disabled: false, createdAt: now - 2, ...common },
  ])
  expect(who(access, 'wang-session')).toMatchObject({ id: 'wang', scopes: [] })
  expect(access.sessions.list('wang')).toMatchObject([{ address: '', userAgent: '', createdAt: now - 1_000 }])
  expect(access.authenticate({ token: 'anl_old' })).toEqual({
    principal: { id: 'token-01', name: 'report', role: 'operator', scopes: [], via: 'token' },
    expiresAt: null,
  })
  await logIn(access)
  await access.users.patch('wang', {
    role: 'responder',
    scopes: [{ point: PointId.parse('sp-001') }],
  })
  close()
  const later = await open({ directory, clock })
  expect(later.access.users.get('wang')).toMatchObject({
    role: 'responder',
    scopes: [{ point: 'sp-001' }],
  })
})

test('a file that a later version has written is not opened: it may hold rights unknown here', async () => {
  const directory = newDirectory()
  const database = openDatabase(join(directory, 'access.db'), { durability: 'normal' })
  database.exec('PRAGMA user_version = 99')
  database.close()
  await expect(open({ directory })).rejects.toThrow(/written by a later version of the gateway \(schema 99\)/)
})
