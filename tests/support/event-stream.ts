/** A reader of server-sent events over a real socket (HTML Standard, 9.2.6), as strict as the tests need it. */
import { get, type IncomingMessage } from 'node:http'
import { z } from 'zod'

const Entry = z.looseObject({
  seq: z.int(),
  alarm: z.string(),
  version: z.int(),
  type: z.string(),
  at: z.string(),
})

export type StreamEvent<T> = { readonly id: string; readonly name: string; readonly data: T }

export type EventStream<T = z.infer<typeof Entry>> = {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly events: readonly StreamEvent<T>[]
  readonly comments: readonly string[]
  /** What came first, as it came. */
  beginning(): string
  /** Resolves once the condition holds; rejects when the stream ends before that. */
  until(condition: () => boolean): Promise<void>
  /** Resolves when the other side has ended it, or this side has. */
  readonly ended: Promise<void>
  close(): void
}

const beginningChars = 1_000

const fieldsOf = (block: string): Map<string, string> =>
  new Map(
    block.split('\n').map(line => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon), line.slice(colon + 1).trimStart()]
    }),
  )

/** @param Data what each event must be */
export const openEventStreamOf = async <T>(
  Data: z.ZodType<T>,
  url: string,
  headers: Record<string, string>,
): Promise<EventStream<T>> => {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  // Each stream has a connection of its own, as in a browser.
  const request = get(url, { headers, agent: false }, resolve).once('error', reject)
  const response = await promise
  request.removeListener('error', reject).on('error', () => {})

  const events: StreamEvent<T>[] = []
  const comments: string[] = []
  const checks = new Set<() => void>()
  const ended = Promise.withResolvers<void>()
  let isOver = false
  let beginning = ''
  let rest = ''

  response.setEncoding('utf8')
  response.on('data', (chunk: string) => {
    if (beginning.length < beginningChars) beginning += chunk
    const blocks = (rest + chunk).split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const fields = fieldsOf(block)
      const comment = fields.get('')
      if (comment !== undefined) comments.push(comment)
      const data = fields.get('data')
      if (data === undefined) continue
      const [id = '', name = 'message'] = [fields.get('id'), fields.get('event')]
      events.push({ id, name, data: Data.parse(JSON.parse(data)) })
    }
    for (const check of checks) check()
  })
  response.on('error', () => {})
  response.once('close', () => {
    isOver = true
    ended.resolve()
    for (const check of checks) check()
  })

  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    events,
    comments,
    beginning: () => beginning,
    until: condition => {
      const met = Promise.withResolvers<void>()
      const check = (): void => {
        if (condition()) met.resolve()
        else if (isOver)
          met.reject(new Error(`the stream ended after ${events.length} events, which began: ${beginning}`))
        else return
        checks.delete(check)
      }
      checks.add(check)
      check()
      return met.promise
    },
    ended: ended.promise,
    close: () => request.destroy(),
  }
}

export const openEventStream = (url: string, headers: Record<string, string>): Promise<EventStream> =>
  openEventStreamOf(Entry, url, headers)
