/**
 * The outbound webhook, for text message and voice gateways, signed as Standard Webhooks 1.0 lays down: HMAC-SHA-256
 * over `{id}.{timestamp}.{body}`. The id stays the same over all tries, so the receiver can tell a repeat.
 */
import { createHmac } from 'node:crypto'
import type { SendOutcome } from './outbox.ts'

export type WebhookSettings = {
  readonly url: string
  /** Signing key: the bytes of this text, or base64 after `whsec_`. */
  readonly secret: string
  readonly timeoutMs: number
}

const keyOf = (secret: string): Buffer =>
  secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : Buffer.from(secret)

export const sign = (
  secret: string,
  { id, timestamp, body }: { id: string; timestamp: number; body: string },
): string => `v1,${createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${body}`).digest('base64')}`

/** Asked to slow down or broken for now: the same request may succeed later. Anything else of 4xx never will. */
const passing: ReadonlySet<number> = new Set([408, 425, 429])

const judge = (status: number): SendOutcome => {
  if (status >= 200 && status < 300) return { state: 'delivered' }
  const outcome = status >= 500 || passing.has(status) ? 'transient' : 'permanent'
  return { state: 'failed', outcome, reason: `HTTP ${status}` }
}

/** Errors in which no byte of the request can have arrived. */
const neverArrived: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
])

const codeOf = (error: unknown): string =>
  error instanceof Error && error.cause instanceof Error && 'code' in error.cause
    ? String(error.cause.code)
    : ''

export const createWebhook =
  (settings: WebhookSettings, now: () => number) =>
  async (id: string, body: string): Promise<SendOutcome> => {
    const timestamp = Math.floor(now() / 1_000)
    try {
      const response = await fetch(settings.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'webhook-id': id,
          'webhook-timestamp': String(timestamp),
          'webhook-signature': sign(settings.secret, { id, timestamp, body }),
        },
        body,
        redirect: 'error',
        signal: AbortSignal.timeout(settings.timeoutMs),
      })
      await response.body?.cancel()
      return judge(response.status)
    } catch (error) {
      const outcome = neverArrived.has(codeOf(error)) ? 'transient' : 'ambiguous'
      return { state: 'failed', outcome, reason: error instanceof Error ? error.message : String(error) }
    }
  }
