/** The gateway's HTTP interface, as far as the demo speaks it. */
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'

const Named = z.object({ id: z.string().nullish(), name: z.string().nullish() }).nullish()

export const Alarm = z.object({
  id: z.string(),
  kind: z.string(),
  class: z.string(),
  priority: z.string(),
  state: z.string(),
  epoch: z.number(),
  level: z.number(),
  repeats: z.number(),
  receivedAt: z.string(),
  home: z.object({ id: z.string() }).nullish(),
  resident: Named,
  device: Named,
  point: Named,
  nextDeadline: z.object({ at: z.string(), kind: z.string() }).nullish(),
  /** What a rule has seen, and since when. */
  found: z.object({ since: z.string() }).nullish(),
  timeline: z.array(
    z.object({
      type: z.string(),
      at: z.string(),
      eventId: z.string().nullish(),
      priority: z.string().nullish(),
    }),
  ),
})
export type Alarm = z.infer<typeof Alarm>

const Series = z.object({ series: z.array(z.object({ at: z.string(), mean: z.number() })) })
export type Series = z.infer<typeof Series>['series']

export type SeriesQuery = {
  readonly device: string
  readonly metric: string
  /** Milliseconds since 1970. */
  readonly from: number
  readonly to: number
  readonly everySeconds: number
}

const Supervision = z.object({
  counts: z.object({ protected: z.number(), degraded: z.number(), unprotected: z.number() }),
})
export type SupervisionCounts = z.infer<typeof Supervision>['counts']

const HomeDevices = z.object({
  devices: z.array(z.object({ id: z.string(), lastSeenAt: z.string().nullable() })),
})

const Rejected = z.object({
  table: z.string(),
  id: z.string().nullish(),
  code: z.string(),
  message: z.string(),
})

const Entry = z.object({ seq: z.number(), alarm: z.string(), type: z.string() })
export type Entry = z.infer<typeof Entry>

export type Imported = {
  readonly counts: { readonly [table: string]: number }
  /** One line for each row that was not taken. */
  readonly rejected: readonly string[]
}

export type Api = {
  importTown(town: unknown): Promise<Imported>
  alarm(id: string): Promise<Alarm>
  /** Works on an alarm as the duty officer does at the console; false when the gateway refuses. */
  work(alarm: string, command: string, body: object): Promise<boolean>
  series(query: SeriesQuery): Promise<Series>
  supervision(): Promise<SupervisionCounts>
  /** Devices of a home that have been heard of. */
  heardIn(home: string): Promise<readonly string[]>
  /** Samples on disk, by the gateway's own count. */
  samplesStored(): Promise<number>
  /** Every journal entry from the first on, once and in order; goes on after a break. Ends with the signal. */
  follow(onEntry: (entry: Entry) => void, signal: AbortSignal): Promise<void>
}

const requestTimeoutMs = 10_000
const streamRetryMs = 500

/** One event of a stream is at most the registry's text about one alarm; beyond this it is no event stream. */
const longestEvent = 1_048_576

/** The `id` and `data` fields of server-sent events, from a stream of text. */
async function* events(body: AsyncIterable<Uint8Array>): AsyncGenerator<{ id: string; data: string }> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of body) {
    const blocks = (rest + decoder.decode(chunk, { stream: true })).split('\n\n')
    rest = blocks.pop() ?? ''
    if (rest.length > longestEvent) throw new RangeError('an event without end')
    for (const block of blocks) {
      const field = (name: string) =>
        block
          .split('\n')
          .filter(line => line.startsWith(`${name}:`))
          .map(line => line.slice(name.length + 1).trimStart())
          .join('\n')
      if (field('data')) yield { id: field('id'), data: field('data') }
    }
  }
}

/** Throws an Error with the problem document when the login or any later call is refused. */
export const logIn = async (
  httpUrl: string,
  login: { readonly username: string; readonly password: string },
): Promise<Api> => {
  let cookie = ''
  const send = (method: string, path: string, body?: unknown): Promise<Response> =>
    fetch(new URL(path, httpUrl), {
      method,
      headers: { cookie, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(requestTimeoutMs),
    })
  const call = async (method: string, path: string, body?: unknown): Promise<Response> => {
    const response = await send(method, path, body)
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
    return response
  }
  const session = await call('POST', '/api/session', login)
  cookie = session.headers
    .getSetCookie()
    .map(line => line.split(';')[0])
    .join('; ')
  await session.body?.cancel()

  const followOnce = async (
    lastId: string,
    onEntry: (id: string, entry: Entry) => void,
    signal: AbortSignal,
  ) => {
    const headers = { cookie, accept: 'text/event-stream', 'last-event-id': lastId }
    const response = await fetch(new URL('/api/stream', httpUrl), { headers, signal })
    if (!response.ok || !response.body) throw new Error(`GET /api/stream: ${response.status}`)
    for await (const { id, data } of events(response.body)) {
      const entry = Entry.safeParse(JSON.parse(data))
      if (entry.success) onEntry(id, entry.data)
    }
  }

  return {
    importTown: async town => {
      const answer: unknown = await (await call('POST', '/api/import', town)).json()
      const { imported, rejected } = z
        .object({ imported: z.record(z.string(), z.number()), rejected: z.array(Rejected) })
        .parse(answer)
      return { counts: imported, rejected: rejected.map(row => Object.values(row).join(' ')) }
    },
    alarm: async id => Alarm.parse(await (await call('GET', `/api/alarms/${id}`)).json()),
    work: async (alarm, command, body) => {
      const answer = await send('POST', `/api/alarms/${alarm}/${command}`, body)
      await answer.body?.cancel()
      return answer.ok
    },
    series: async ({ device, metric, from, to, everySeconds }) => {
      const [first, last] = [from, to].map(at => new Date(at).toISOString())
      const query = new URLSearchParams({
        device,
        metric,
        from: first ?? '',
        to: last ?? '',
        every: `${everySeconds}s`,
      })
      return Series.parse(await (await call('GET', `/api/telemetry?${query.toString()}`)).json()).series
    },
    supervision: async () =>
      Supervision.parse(await (await call('GET', '/api/supervision?limit=1')).json()).counts,
    heardIn: async home => {
      const answer: unknown = await (await call('GET', `/api/homes/${home}/supervision`)).json()
      const { devices } = HomeDevices.parse(answer)
      return devices.filter(({ lastSeenAt }) => lastSeenAt !== null).map(({ id }) => id)
    },
    samplesStored: async () => {
      const text = await (await call('GET', '/metrics')).text()
      return Number(/^anling_telemetry_stored_total (\d+)$/m.exec(text)?.[1] ?? 0)
    },
    follow: async (onEntry, signal) => {
      let lastId = '0'
      while (!signal.aborted) {
        try {
          await followOnce(
            lastId,
            (id, entry) => {
              lastId = id
              onEntry(entry)
            },
            signal,
          )
        } catch (failure) {
          if (!signal.aborted && lastId === '0') throw failure
        }
        if (!signal.aborted) await pause(streamRetryMs)
      }
    },
  }
}
