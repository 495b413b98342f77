/** The live alarms of whoever is logged in, for every page that shows some: one stream a window. */
import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from 'react'
import { get } from '../shell/api.ts'
import { openAlarmStream } from './alarm-stream.ts'
import { type Live, type LiveAlarms, openLiveAlarms } from './live-alarms.ts'
import { steadyClock } from './steady-clock.ts'

const Context = createContext<LiveAlarms | undefined>(undefined)

export const LiveProvider = ({
  onLoggedOut,
  children,
}: {
  readonly onLoggedOut: () => void
  readonly children: ReactNode
}) => {
  const [alarms, setAlarms] = useState<LiveAlarms>()
  useEffect(() => {
    const opened = openLiveAlarms({
      clock: steadyClock,
      wallNow: Date.now,
      ask: get,
      openStream: openAlarmStream,
      onLoggedOut,
    })
    setAlarms(opened)
    return opened.stop
  }, [onLoggedOut])
  return alarms && <Context value={alarms}>{children}</Context>
}

export const useLiveAlarms = (): LiveAlarms => {
  const alarms = useContext(Context)
  if (!alarms) throw new Error('this page is not inside of LiveProvider')
  return alarms
}

export const useLive = (): Live => {
  const { subscribe, snapshot } = useLiveAlarms()
  return useSyncExternalStore(subscribe, snapshot)
}
