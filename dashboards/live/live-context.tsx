/** The live alarms of whoever is logged in, for every page that shows some: one stream a browser. */
import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from 'react'
import { get } from '../shell/api.ts'
import { useCaller } from '../shell/session.ts'
import { openAlarmStream } from './alarm-stream.ts'
import { attachInPage } from './attach-in-page.ts'
import { attachShared } from './attach-shared.ts'
import { connectWorker } from './connect-worker.ts'
import { type Live, type LiveAlarms, openLiveAlarms } from './live-alarms.ts'
import type { Attach } from './live-update.ts'
import { steadyClock } from './steady-clock.ts'
import { whoOf } from './who.ts'

const Context = createContext<LiveAlarms | undefined>(undefined)

const attachAs = (who: string): Attach => {
  const clocks = { clock: steadyClock, wallNow: Date.now }
  const inPage = attachInPage({ ...clocks, ask: get, openStream: openAlarmStream, who })
  return attachShared({ ...clocks, who, connect: connectWorker, inPage })
}

export const LiveProvider = ({
  onLoggedOut,
  children,
}: {
  readonly onLoggedOut: () => void
  readonly children: ReactNode
}) => {
  const who = whoOf(useCaller())
  const [alarms, setAlarms] = useState<LiveAlarms>()
  useEffect(() => {
    const opened = openLiveAlarms({ clock: steadyClock, attach: attachAs(who), onLoggedOut })
    setAlarms(opened)
    return opened.stop
  }, [onLoggedOut, who])
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

/** What to add to this machine's clock to have the gateway's: for who shows nothing else of the alarms, and is drawn often. */
export const useOffsetMs = (): number => {
  const { subscribe, snapshot } = useLiveAlarms()
  return useSyncExternalStore(subscribe, () => snapshot().offsetMs)
}
