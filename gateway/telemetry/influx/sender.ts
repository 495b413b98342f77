/**
 * Writes samples by one request and says what became of them. The client's own WriteApi is not used: it gathers and
 * tries again by itself, prints to the console, and leaves the connection of a request that timed out open.
 */
import { HttpError, InfluxDB, type SendOptions } from '@influxdata/influxdb-client'
import type { Sample } from '../../model/telemetry.ts'
import { lineOf } from './point.ts'
import { authorizationOf, type InfluxTarget } from './target.ts'

export type SendOutcome =
  | { readonly kind: 'taken' }
  /** The request is larger than the far side, or something before it, accepts. */
  | { readonly kind: 'too-large'; readonly reason: string }
  /** At least one sample was not taken; the others may have been. */
  | {
      readonly kind: 'refused'
      readonly reason: string
      /** How many samples it dropped, where the far side says so: then it is they that are at fault. */
      readonly dropped?: number
    }
  | { readonly kind: 'unavailable'; readonly reason: string; readonly retryAfterMs?: number }
  /** The request would be answered like this for any samples: address, token or bucket are wrong. */
  | { readonly kind: 'misconfigured'; readonly reason: string }

export type Send = (samples: readonly Sample[], stop: AbortSignal) => Promise<SendOutcome>

/** Below this gzip does not pay. */
const gzipThresholdBytes = 1_000

const maxReasonLength = 300

const pathOf = ({ org, bucket, version }: InfluxTarget): string => {
  const isFirst = version === '1'
  const query = isFirst ? { db: bucket } : { ...(org && { org }), bucket }
  const text = new URLSearchParams({ ...query, precision: 'ms' }).toString()
  return `${isFirst ? '/write' : '/api/v2/write'}?${text}`
}

/** RFC 9110, 10.2.3: seconds, or a date. */
const retryAfterMsOf = (header: unknown): number | undefined => {
  if (typeof header !== 'string') return undefined
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now()
  return Number.isNaN(ms) ? undefined : Math.max(ms, 0)
}

/** InfluxDB 1 and 2: `partial write: field type conflict: … dropped=3`. */
const droppedOf = (reason: string): number | undefined => {
  const [, dropped] = /partial write.*dropped=(\d+)/s.exec(reason) ?? []
  return dropped === undefined ? undefined : Number(dropped)
}

const judge = (error: HttpError): SendOutcome => {
  const reason = `HTTP ${error.statusCode}: ${error.message}`.slice(0, maxReasonLength)
  switch (error.statusCode) {
    case 400:
    case 422: {
      const dropped = droppedOf(error.message)
      return { kind: 'refused', reason, ...(dropped !== undefined && { dropped }) }
    }
    case 413:
      return { kind: 'too-large', reason }
    case 408:
    case 425:
    case 429:
      break
    default:
      if (error.statusCode < 500) return { kind: 'misconfigured', reason }
  }
  const retryAfterMs = retryAfterMsOf(error.headers?.['retry-after'])
  return { kind: 'unavailable', reason, ...(retryAfterMs !== undefined && { retryAfterMs }) }
}

/** 204: written. 201: InfluxDB 3 has written what it could, and its own log names the rest. */
const isWritten = (status: number | undefined): boolean => status === 204 || status === 201

export const createSender = (target: InfluxTarget, timeoutMs: number): Send => {
  // The client's own timeout is one of idleness, and does not end the request.
  const { transport } = new InfluxDB({ url: target.url, headers: authorizationOf(target), timeout: 0 })
  const path = pathOf(target)

  return async (samples, stop) => {
    const lines = samples.flatMap(sample => lineOf(sample) ?? [])
    if (lines.length === 0) return { kind: 'taken' }
    const timeout = AbortSignal.timeout(timeoutMs)
    const options: SendOptions = {
      method: 'POST',
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      gzipThreshold: gzipThresholdBytes,
      signal: AbortSignal.any([stop, timeout]),
    }
    let status: number | undefined
    try {
      await transport.request(path, lines.join('\n'), options, (_headers, statusCode) => {
        status = statusCode
      })
    } catch (error) {
      if (error instanceof HttpError) return judge(error)
      if (timeout.aborted) return { kind: 'unavailable', reason: `no answer within ${timeoutMs} ms` }
      return { kind: 'unavailable', reason: error instanceof Error ? error.message : String(error) }
    }
    if (isWritten(status)) return { kind: 'taken' }
    return { kind: 'misconfigured', reason: `HTTP ${status}: this is not the write address of an InfluxDB` }
  }
}
