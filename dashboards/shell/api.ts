/** The gateway's HTTP interface. Types come from its own schemas, as `import type`. */

/** RFC 9457, with the gateway's own code and both titles. */
export type Problem = {
  readonly code: string
  readonly status: number
  readonly title: string
  readonly titleZh: string
  readonly detail?: string
  readonly retryAfterSeconds?: number
  readonly holder?: { readonly id: string; readonly name?: string }
  /** Of an `invalid-request`: each mistake with its place. */
  readonly errors?: readonly { readonly path: string; readonly message: string }[]
}

/** A refusal of the gateway, or no answer at all (`code: 'no-answer'`). */
export class ApiProblem extends Error {
  override name = 'ApiProblem'
  readonly problem: Problem
  constructor(problem: Problem) {
    super(problem.detail ?? problem.title)
    this.problem = problem
  }
}

const requestTimeoutMs = 15_000

const noAnswer: Problem = {
  code: 'no-answer',
  status: 0,
  title: 'No answer: it may not have been done. Try again',
  titleZh: '没有答复，可能未成功，请重试',
}

const isProblem = (body: unknown): body is Problem =>
  typeof body === 'object' && body !== null && 'code' in body && 'title' in body && 'titleZh' in body

const bodyOf = async (answer: Response): Promise<unknown> => {
  const type = answer.headers.get('content-type') ?? ''
  if (answer.status === 204) return undefined
  return type.includes('json') ? answer.json() : answer.text()
}

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE' | 'PUT'

export type RequestOptions = {
  readonly signal?: AbortSignal
  /** Of what is sent, where it is not JSON. */
  readonly contentType?: string
  readonly timeoutMs?: number
}

/** The answer is what the route's schema says: the caller names that type. Throws `ApiProblem`. */
export const request = async <T>(
  method: Method,
  path: string,
  body?: unknown,
  { signal, contentType, timeoutMs = requestTimeoutMs }: RequestOptions = {},
): Promise<T> => {
  const limit = AbortSignal.timeout(timeoutMs)
  let answer: Response
  let told: unknown
  try {
    answer = await fetch(path, {
      method,
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
      ...(body !== undefined && {
        headers: { 'content-type': contentType ?? 'application/json' },
        body: contentType === undefined ? JSON.stringify(body) : asBody(body),
      }),
    })
    told = await bodyOf(answer)
  } catch (error) {
    if (signal?.aborted) throw error
    throw new ApiProblem(noAnswer)
  }
  if (answer.ok) return trusted(told)
  throw new ApiProblem(isProblem(told) ? told : { ...noAnswer, status: answer.status })
}

const asBody = (body: unknown): string | Blob =>
  body instanceof Blob || typeof body === 'string' ? body : JSON.stringify(body)

/** The gateway holds its answers to their schemas, and the pages come from the same gateway. */
export function trusted<T>(told: unknown): T
export function trusted(told: unknown): unknown {
  return told
}

export const get = <T>(path: string, options?: RequestOptions): Promise<T> =>
  request<T>('GET', path, undefined, options)
export const post = <T>(path: string, body: unknown = {}, options?: RequestOptions): Promise<T> =>
  request<T>('POST', path, body, options)

/** `?a=1&b=2`, without what is undefined or empty. */
export const query = (values: Readonly<Record<string, string | number | boolean | undefined>>): string => {
  const pairs = Object.entries(values).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, String(value)]],
  )
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs).toString()}`
}
