/** The gateway's HTTP interface, as far as the board speaks it. */
/** @import { AlarmView } from '../../gateway/api/alarm-view.ts' */

const requestTimeoutMs = 10_000
const colon = 0x3a
const lineFeed = 0x0a

/** Throws when there is no answer. @param {'GET' | 'POST' | 'DELETE'} method @param {string} path @param {object} [body] */
export const request = async (method, path, body) => {
  const answer = await fetch(path, {
    method,
    signal: AbortSignal.timeout(requestTimeoutMs),
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  })
  const isJson = answer.headers.get('content-type')?.includes('json')
  /** @type {unknown} */
  const told = isJson ? await answer.json() : undefined
  return { ok: answer.ok, status: answer.status, body: told, date: answer.headers.get('date') ?? '' }
}

/**
 * The page comes from the gateway that answers: the outline tells a list from what a proxy might say.
 * @param {unknown} body @returns {body is { items: AlarmView[], nextCursor: string | null, head: number }}
 */
export const isAlarmPage = body =>
  typeof body === 'object' && body !== null && 'items' in body && Array.isArray(body.items) && 'head' in body

/** A text inside an answer, by the names that lead to it. @param {unknown} body @param {...string} path */
export const textIn = (body, ...path) => {
  let inside = body
  for (const name of path) {
    inside = typeof inside === 'object' && inside !== null ? Reflect.get(inside, name) : undefined
  }
  return typeof inside === 'string' ? inside : undefined
}

/**
 * Reads the stream until it ends; throws when it breaks. EventSource hides comments, and they are what tells a quiet
 * stream from a dead one, so the bytes are read here: `onHeard(false)` for a comment, `onHeard(true)` for more than that.
 * @param {number} head @param {(isMore: boolean) => void} onHeard @param {AbortSignal} signal
 */
export const listen = async (head, onHeard, signal) => {
  const answer = await fetch(`/api/stream?lastEventId=${head}`, { signal })
  if (!answer.ok || !answer.body) throw new Error(`the stream answered ${answer.status}`)
  const reader = answer.body.getReader()
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    onHeard(piece.value.some(byte => byte !== colon && byte !== lineFeed))
  }
}
