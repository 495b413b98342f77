/** The HTTP interface as a program uses it: a session, JSON in, JSON out. Knows only what is documented. */
import { z } from 'zod'
import { adminPassword } from './gateway-process.ts'

const requestTimeoutMs = 30_000

export type Answer = { readonly status: number; readonly body: unknown }

export type ApiClient = {
  get(path: string): Promise<Answer>
  post(path: string, body?: unknown): Promise<Answer>
  patch(path: string, body: unknown): Promise<Answer>
  delete(path: string): Promise<Answer>
  /** A body that is no JSON. */
  send(path: string, type: string, body: string | Buffer): Promise<Answer>
  /** For what is no call: the live stream. */
  readonly cookie: string
}

const NamedThing = z.looseObject({ id: z.string() })

export const AlarmView = z.looseObject({
  id: z.string(),
  kind: z.string(),
  state: z.string(),
  epoch: z.number(),
  repeats: z.number(),
  level: z.number(),
  home: NamedThing.nullish(),
  device: NamedThing.nullish(),
  nextDeadline: z.unknown(),
  acknowledgedBy: NamedThing.nullish(),
})
export type AlarmView = z.infer<typeof AlarmView>

const AlarmPage = z.object({ items: z.array(AlarmView), nextCursor: z.string().nullable() })

const TimelineEntry = z.looseObject({ eventId: z.string().nullish() })
export const AlarmDetail = AlarmView.extend({ timeline: z.array(TimelineEntry) })
export type AlarmDetail = z.infer<typeof AlarmDetail>

const request = async (url: string, init: RequestInit): Promise<{ answer: Answer; headers: Headers }> => {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(requestTimeoutMs) })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') === true
  return {
    answer: { status: response.status, body: isJson ? JSON.parse(text) : text },
    headers: response.headers,
  }
}

const posting = (body: unknown, headers: Record<string, string>): RequestInit =>
  body === undefined
    ? { method: 'POST', headers }
    : {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }

/** Without a session: for /healthz, /readyz and /metrics. */
export const fetchPlain = async (url: string): Promise<Answer> => (await request(url, {})).answer

/** Whoever has a cookie from here is that person from now on. */
const enter = async (httpUrl: string, path: string, body: object): Promise<ApiClient> => {
  const { answer, headers } = await request(`${httpUrl}${path}`, posting(body, {}))
  if (answer.status >= 300) throw new Error(`login answered ${answer.status}: ${JSON.stringify(answer.body)}`)
  const cookie = headers
    .getSetCookie()
    .map(line => line.split(';', 1)[0])
    .join('; ')
  const call = async (path: string, init: RequestInit): Promise<Answer> =>
    (await request(`${httpUrl}${path}`, init)).answer
  return {
    get: path => call(path, { headers: { cookie } }),
    post: (path, body) => call(path, posting(body, { cookie })),
    patch: (path, body) => call(path, { ...posting(body, { cookie }), method: 'PATCH' }),
    delete: path => call(path, { method: 'DELETE', headers: { cookie } }),
    send: (path, type, body) =>
      call(path, {
        method: 'POST',
        headers: { cookie, 'content-type': type },
        body: typeof body === 'string' ? body : new Uint8Array(body),
      }),
    cookie,
  }
}

export const logIn = (httpUrl: string, username = 'admin', password = adminPassword): Promise<ApiClient> =>
  enter(httpUrl, '/api/session', { username, password })

/** Becomes the person who was invited. */
export const acceptInvitation = (httpUrl: string, token: string, password: string): Promise<ApiClient> =>
  enter(httpUrl, '/api/invitations/accept', { token, password })

const expectOk = (answer: Answer, what: string): unknown => {
  if (answer.status === 200) return answer.body
  throw new Error(`${what} answered ${answer.status}: ${JSON.stringify(answer.body)}`)
}

/** Every alarm that the filter matches, page by page. */
export const listAlarms = async (api: ApiClient, filter: string): Promise<AlarmView[]> => {
  const items: AlarmView[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const path = `/api/alarms?${filter}&limit=200${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`
    const page = AlarmPage.parse(expectOk(await api.get(path), path))
    items.push(...page.items)
    cursor = page.nextCursor
  }
  return items
}

export const readAlarm = async (api: ApiClient, id: string): Promise<AlarmDetail> =>
  AlarmDetail.parse(expectOk(await api.get(`/api/alarms/${id}`), `alarm ${id}`))

const rowsPerImport = 2_000

const Imported = z.looseObject({ rejected: z.array(z.unknown()) })

/** Imports table by table in slices that any body limit allows. Throws when a row is rejected. */
export const importRegistry = async (
  api: ApiClient,
  document: Readonly<Record<string, readonly unknown[]>>,
): Promise<void> => {
  for (const [table, rows] of Object.entries(document)) {
    for (let start = 0; start < rows.length; start += rowsPerImport) {
      const answer = await api.post('/api/import', { [table]: rows.slice(start, start + rowsPerImport) })
      const { rejected } = Imported.parse(expectOk(answer, `import of ${table}`))
      if (rejected.length > 0) throw new Error(`${table}: ${JSON.stringify(rejected[0])}`)
    }
  }
}

/** The sum of all samples of one metric whose labels include `labels`; 0 when there is none. */
export const readMetric = async (
  httpUrl: string,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<number> => {
  const { body } = await fetchPlain(`${httpUrl}/metrics`)
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`)
  return String(body)
    .split('\n')
    .filter(line => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .filter(line => wanted.every(label => line.includes(label)))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0)
}
