/** The acts of whoever is logged in, sent whenever there is a network. */
import { useEffect, useMemo, useSyncExternalStore } from 'react'
import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import { useLive, useLiveAlarms } from '../live/live-context.tsx'
import { get, post } from '../shell/api.ts'
import { useCaller } from '../shell/session.ts'
import { type Act, type ActQueue, openActQueue, type TimelineEntry } from './act-queue.ts'

/** Between tries while something waits: a telephone seldom says in time that it has a network again. */
const retryMs = 4_000
/** Short: a network that takes longer is tried again rather than waited for. */
const answerMs = 8_000

type Detail = AlarmView & { readonly timeline: readonly TimelineEntry[] }

/** Without a lock (plain http) two windows may both send; the gateway then takes the first and the second is looked up. */
const alone =
  (name: string) =>
  <T>(work: () => Promise<T>): Promise<T> =>
    'locks' in navigator ? navigator.locks.request(name, work) : work()

export const useActs = (): { readonly queue: ActQueue; readonly acts: readonly Act[] } => {
  const { username } = useCaller()
  const alarms = useLiveAlarms()
  const { link } = useLive()
  const queue = useMemo(
    () =>
      openActQueue({
        storage: localStorage,
        username,
        alone: alone(`anling.acts.${username}`),
        timeline: async alarm =>
          (await get<Detail>(`/api/alarms/${alarm}`, { timeoutMs: answerMs })).timeline,
        send: async ({ alarm, name, body }) => {
          const after = await post<AlarmView>(`/api/alarms/${alarm}/${name}`, body, { timeoutMs: answerMs })
          alarms.take(after)
          return after.version
        },
      }),
    [alarms, username],
  )
  const acts = useSyncExternalStore(queue.subscribe, queue.snapshot)
  const isWaiting = acts.some(({ state }) => state === 'waiting')

  useEffect(() => {
    if (!isWaiting) return undefined
    const flush = () => void queue.flush()
    flush()
    const timer = setInterval(flush, retryMs)
    window.addEventListener('online', flush)
    return () => {
      clearInterval(timer)
      window.removeEventListener('online', flush)
    }
  }, [queue, isWaiting, link.state])

  useEffect(() => {
    const reread = () => queue.reread()
    window.addEventListener('storage', reread)
    return () => window.removeEventListener('storage', reread)
  }, [queue])

  return { queue, acts }
}
