/** A gateway for pages: what it would answer, and the streams that it keeps open. */
import type { AlarmStreamEars } from '../../../dashboards/live/alarm-reader.ts'
import { whoOf as whoOfCaller } from '../../../dashboards/live/who.ts'
import { ApiProblem, trusted } from '../../../dashboards/shell/api.ts'
import type { AlarmView } from '../../../gateway/api/alarm-view.ts'
import { AreaId } from '../../../gateway/model/ids.ts'

const callerNamed = (username: string, areas: readonly string[] = []) => ({
  username,
  role: 'operator' as const,
  scopes: areas.map(area => ({ area: AreaId.parse(area) })),
})
export const whoOf = (username: string): string => whoOfCaller(callerNamed(username))

const refusal = (status: number) => new ApiProblem({ code: 'x', status, title: 'x', titleZh: 'x' })

/** 'wu' is logged in. */
export const createAlarmGateway = () => {
  let head = 10
  let caller = callerNamed('wu')
  let refused: number | undefined
  const alarms = new Map<string, AlarmView>()
  const streams: { readonly after: number; readonly ears: AlarmStreamEars; isOpen: boolean }[] = []
  const answer = (path: string): unknown => {
    if (refused !== undefined) throw refusal(refused)
    if (path === '/api/session') return caller
    const id = /^\/api\/alarms\/([^?]+)$/.exec(path)?.[1]
    if (id === undefined) {
      const items = [...alarms.values()].filter(({ state }) => state !== 'resolved')
      return { items, nextCursor: null, head }
    }
    const alarm = alarms.get(id)
    if (!alarm) throw refusal(404)
    return alarm
  }
  return {
    streams,
    have: (...some: readonly AlarmView[]) => {
      for (const alarm of some) alarms.set(alarm.id, alarm)
      head += some.length
    },
    lose: (id: string) => alarms.delete(id),
    refuse: (status: number | undefined) => {
      refused = status
    },
    logIn: (username: string, area?: string) => {
      caller = callerNamed(username, area === undefined ? [] : [area])
    },
    ports: {
      ask: async <T>(path: string): Promise<T> => trusted<T>(answer(path)),
      openStream: (after: number, ears: AlarmStreamEars) => {
        const stream = { after, ears, isOpen: true }
        streams.push(stream)
        return () => {
          stream.isOpen = false
        }
      },
    },
    /** The one that is open. */
    get stream(): AlarmStreamEars {
      const open = streams.find(({ isOpen }) => isOpen)
      if (!open) throw new Error('no stream is open')
      return open.ears
    },
  }
}
