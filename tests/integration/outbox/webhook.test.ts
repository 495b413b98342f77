import { createHmac } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { createWebhook, sign } from '../../../gateway/outbox/webhook.ts'

const secret = 'a secret of at least 16 characters'
const now = Date.UTC(2026, 10, 21, 20, 18)
let server: Server | undefined

afterEach(() => {
  server?.closeAllConnections()
  server?.close()
  server = undefined
})

const serve = (listener: RequestListener): Promise<string> =>
  new Promise(resolve => {
    server = createServer(listener).listen(0, '127.0.0.1', () => {
      const address = server?.address()
      if (address && typeof address === 'object') resolve(`http://127.0.0.1:${address.port}/hook`)
    })
  })

const call = (url: string, timeoutMs = 2_000) =>
  createWebhook({ url, secret, timeoutMs }, () => now)('n-1', '{"安":1}')

describe('the webhook', () => {
  test('signs what it sends as Standard Webhooks lays down', async () => {
    let seen: { headers: IncomingHttpHeaders; body: string } | undefined
    const url = await serve((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        seen = { headers: request.headers, body: Buffer.concat(chunks).toString() }
        response.writeHead(204).end()
      })
    })
    expect(await call(url)).toEqual({ state: 'delivered' })
    const timestamp = String(now / 1_000)
    const signature = createHmac('sha256', secret).update(`n-1.${timestamp}.{"安":1}`).digest('base64')
    expect(seen?.body).toBe('{"安":1}')
    expect(seen?.headers).toMatchObject({
      'webhook-id': 'n-1',
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${signature}`,
    })
  })

  test('signs the example of the Standard Webhooks specification as it says', () => {
    const signed = sign('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', {
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      timestamp: 1_614_265_330,
      body: '{"test": 2432232314}',
    })
    expect(signed).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
  })

  test.each([
    [200, 'delivered', undefined],
    [301, 'failed', 'ambiguous'],
    [400, 'failed', 'permanent'],
    [401, 'failed', 'permanent'],
    [404, 'failed', 'permanent'],
    [408, 'failed', 'transient'],
    [429, 'failed', 'transient'],
    [500, 'failed', 'transient'],
    [503, 'failed', 'transient'],
  ])('an answer of %i is %s, %s', async (status, state, outcome) => {
    const url = await serve((_request, response) => response.writeHead(status, { location: '/else' }).end())
    expect(await call(url)).toMatchObject(outcome ? { state, outcome } : { state })
  })

  test('nobody listening is a passing failure: nothing can have arrived', async () => {
    const url = await serve(() => {})
    server?.close()
    expect(await call(url)).toMatchObject({ state: 'failed', outcome: 'transient' })
  })

  test('no answer in time, or a connection that breaks, is ambiguous: it may have arrived', async () => {
    const silent = await serve(() => {})
    expect(await call(silent, 100)).toMatchObject({ state: 'failed', outcome: 'ambiguous' })
    server?.closeAllConnections()
    const breaking = await serve(request => request.socket.destroy())
    expect(await call(breaking)).toMatchObject({ state: 'failed', outcome: 'ambiguous' })
  })
})
