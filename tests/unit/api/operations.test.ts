import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Client, clientWith, openWorld, type World } from './world.ts'

let world: World
let anyone: Client
beforeEach(async () => {
  world = await openWorld()
  anyone = clientWith(world.api, {})
})
afterEach(async () => {
  expect(world.mismatches).toEqual([])
  await world.close()
})

describe('whoever watches over the gateway', () => {
  test('sees without a login that it is alive', async () => {
    expect(await anyone.get('/healthz')).toMatchObject({ status: 200, body: { status: 'alive' } })
    expect((await world.api.inject({ method: 'HEAD', url: '/healthz' })).statusCode).toBe(200)
  })

  test('sees whether alarms can be committed and delivered, and why not', async () => {
    expect(await anyone.get('/readyz')).toMatchObject({
      status: 200,
      body: { status: 'ready', checks: [{ name: 'journal', ok: true }] },
    })
    world.checks.push({ name: 'broker', ok: false, detail: 'does not listen' })
    expect(await anyone.get('/readyz')).toMatchObject({
      status: 503,
      body: {
        status: 'not-ready',
        checks: [
          { name: 'journal', ok: true },
          { name: 'broker', ok: false, detail: 'does not listen' },
        ],
      },
    })
  })

  test('reads figures in the format of Prometheus, by route and never by address', async () => {
    await anyone.get('/api/homes/h-0001')
    await anyone.get('/api/made-up-by-a-stranger')
    const { body, headers } = await anyone.get('/metrics')
    expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/)
    expect(body).toContain(
      'anling_http_request_seconds_count{method="GET",route="/api/homes/:id",status="401"} 1',
    )
    expect(body).toContain('anling_http_request_seconds_count{method="GET",route="none",status="404"} 1')
    expect(body).not.toContain('stranger')
  })
})
