import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { ConnectionError } from 'fastify'
import { type ErrorCode, errors } from '../model/errors.ts'

const code: ErrorCode = 'invalid-request'
const { status, title, titleZh } = errors[code]
const body = JSON.stringify({ type: `urn:anling:error:${code}`, title, titleZh, status, code })
const answer = [
  `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
  'Content-Type: application/problem+json',
  `Content-Length: ${Buffer.byteLength(body)}`,
  'Connection: close',
  '',
  body,
].join('\r\n')

/** Answers bytes that are no HTTP request, and requests that never end, and hangs up. */
export const answerBrokenRequest = (error: ConnectionError, socket: Socket): void => {
  if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy()
  else socket.end(answer, () => socket.destroy())
}
