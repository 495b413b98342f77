/** The live stream of alarms, by the browser's own reader of server-sent events. */
import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import { trusted } from '../shell/api.ts'
import type { OpenAlarmStream } from './alarm-reader.ts'

export const openAlarmStream: OpenAlarmStream = (after, { onAlarm, onGone, onTime, onBroken }) => {
  const source = new EventSource(`/api/stream?as=alarms&lastEventId=${after}`)
  source.addEventListener('alarm', event => {
    onAlarm(trusted<AlarmView>(JSON.parse(String(event.data))))
  })
  source.addEventListener('gone', event => {
    const { id, version } = trusted<{ id: string; version: number }>(JSON.parse(String(event.data)))
    onGone(id, version)
  })
  source.addEventListener('time', event => {
    onTime(Date.parse(trusted<{ at: string }>(JSON.parse(String(event.data))).at))
  })
  source.addEventListener('error', () => onBroken(source.readyState === EventSource.CLOSED))
  return () => source.close()
}
