import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Client, logIn, logInOperator, openWorld, type World } from '../api/world.ts'

let world: World
let admin: Client
beforeEach(async () => {
  world = await openWorld()
  admin = await logIn(world)
})
afterEach(async () => {
  expect(world.mismatches).toEqual([])
  await world.close()
})

test('a backup is begun at once and goes on after the answer; a second one waits for its end', async () => {
  const { promise, resolve } = Promise.withResolvers<{ refused: 'backup-failed'; detail: string }>()
  world.backupDisk.make = () => promise
  const running = {
    ...{ id: 'before-move', state: 'running', telemetry: true, error: null },
    ...{ startedAt: '2026-11-21T12:00:00.000Z', finishedAt: null, bytes: 0, totalBytes: 0 },
  }
  expect(await admin.post('/api/backups', { name: 'before-move', telemetry: true })).toMatchObject({
    status: 202,
    body: running,
  })
  expect((await admin.get('/api/backups')).body).toEqual({ items: [running] })
  expect(await admin.post('/api/backups')).toMatchObject({ status: 409, body: { code: 'backup-running' } })
  resolve({ refused: 'backup-failed', detail: 'the disk is full' })
  await promise
  await world.clock.pass(0)
  expect((await admin.get('/api/backups')).body).toMatchObject({
    items: [{ id: 'before-move', state: 'failed', error: 'the disk is full' }],
  })
  expect(await admin.post('/api/backups')).toMatchObject({ status: 202, body: { id: '20261121-120000' } })
})

test('backups are for administrators who are bound to no area, under names that are names', async () => {
  const operator = await logInOperator(world)
  const password = 'eight bells at dawn'
  const scopes = [{ area: 'tiedong' }]
  await admin.post('/api/users', { username: 'county', role: 'administrator', scopes, password })
  const county = await logIn(world, 'county', password)
  for (const client of [operator, county]) {
    expect((await client.get('/api/backups')).status).toBe(403)
    expect((await client.post('/api/backups', {})).status).toBe(403)
  }
  for (const body of [{ name: '../up' }, { name: '' }, { name: 'a.partial' }, { where: '/tmp' }])
    expect((await admin.post('/api/backups', body)).status, JSON.stringify(body)).toBe(400)
})
