/** What the HTTP interface tells of sensors, as a program reads it. Knows only what is documented. */
import { z } from 'zod'
import {
  type AlarmDetail,
  type AlarmView,
  type Answer,
  type ApiClient,
  listAlarms,
  readAlarm,
} from './api-client.ts'
import { eventually } from './eventually.ts'

const bodyOf = ({ status, body }: Answer, path: string): unknown => {
  if (status !== 200) throw new Error(`${path} answered ${status}: ${JSON.stringify(body)}`)
  return body
}

const Series = z.object({
  series: z.array(
    z.object({ at: z.string(), min: z.number(), mean: z.number(), max: z.number(), count: z.number() }),
  ),
})

/** `query`: device, metric, and optionally from, to and every. */
export const readSeries = async (api: ApiClient, query: Record<string, string>) => {
  const path = `/api/telemetry?${new URLSearchParams(query).toString()}`
  return Series.parse(bodyOf(await api.get(path), path)).series
}

const Supervision = z.object({
  state: z.enum(['protected', 'degraded', 'unprotected']),
  weaknesses: z.array(z.object({ reason: z.string(), device: z.string().nullable() })),
})

export const readSupervision = async (api: ApiClient, home: string) => {
  const path = `/api/homes/${home}/supervision`
  return Supervision.parse(bodyOf(await api.get(path), path))
}

const Strangers = z.object({
  items: z.array(z.looseObject({ source: z.string(), line: z.string(), address: z.string() })),
})

export const readStrangers = async (api: ApiClient) =>
  Strangers.parse(bodyOf(await api.get('/api/strangers'), '/api/strangers')).items

export const alarmsAt = async (api: ApiClient, home: string): Promise<AlarmView[]> =>
  (await listAlarms(api, 'state=all')).filter(alarm => alarm.home?.id === home)

/** The only alarm of this kind at this home, once there is one. */
export const theAlarm = async (
  api: ApiClient,
  home: string,
  kind: string,
  limitMs?: number,
): Promise<AlarmDetail> => {
  const id = await eventually(
    `an alarm ${kind} at ${home}`,
    async () => {
      const [alarm, another] = (await alarmsAt(api, home)).filter(one => one.kind === kind)
      if (another) throw new Error(`more than one alarm ${kind} at ${home}`)
      return alarm?.id
    },
    limitMs,
  )
  return readAlarm(api, id)
}

/** The types of an alarm's entries, in order. */
export const story = ({ timeline }: AlarmDetail): unknown[] => timeline.map(entry => entry['type'])
