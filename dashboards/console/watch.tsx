/**
 * The watch of whoever works at a console, on every page: rings, notifies and keeps the screen awake wherever in the house the
 * operator is looking.
 */
import { createContext, type ReactNode, useCallback, useContext } from 'react'
import { Link, useLocation } from 'wouter'
import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import { useLive } from '../live/live-context.tsx'
import { SoundProvider, useSound } from '../sound/use-sound.tsx'
import { words } from '../words/words.ts'
import { Announcer } from './announcer.tsx'
import { useLinkState } from './link-state.tsx'
import { markSounded } from './measures.ts'
import { bandOf } from './urgency.ts'
import { useNotifications, useScreenAwake } from './use-attention.ts'
import { useSeen } from './use-seen.ts'
import './watch.css'

const useSay = words('watch', {
  zh: { waiting: '{{count}} 条待受理', soundOff: '声音未开启', muted: '已静音' },
  en: { waiting: '{{count}} waiting', soundOff: 'Sound is off', muted: 'Muted' },
})

type Watched = ReturnType<typeof useSeen>

const Context = createContext<Watched | undefined>(undefined)

const markAllSounded = (alarms: readonly AlarmView[]): void => {
  for (const { id } of alarms) markSounded(id)
}

export const Watch = ({ children }: { readonly children: ReactNode }) => {
  const watched = useSeen()
  const [, go] = useLocation()
  const open = useCallback(({ id }: AlarmView) => go(`/console?alarm=${encodeURIComponent(id)}`), [go])
  useNotifications(open)
  useScreenAwake()
  return (
    <Context value={watched}>
      <SoundProvider seen={watched.seen} onSounded={markAllSounded}>
        <Announcer />
        {children}
      </SoundProvider>
    </Context>
  )
}

/** What this window has looked at. */
export const useWatched = (): Watched => {
  const watched = useContext(Context)
  if (!watched) throw new Error('this part is not inside of Watch')
  return watched
}

/** What the console itself says over its queue, in a word: also wherever else in the house its operator is. */
const Elsewhere = () => {
  const say = useSay()
  const { alarms } = useLive()
  const { tone, text } = useLinkState()
  const { isOn, mutedUntil } = useSound().state
  const isSilent = !isOn || mutedUntil !== undefined
  const count = Array.from(alarms.values()).filter(alarm => bandOf(alarm) === 'waiting').length
  return (
    <>
      <span className={`watch-link watch-link-${tone}`} role="status">
        {(tone === 'warning' || tone === 'bad') && text}
      </span>
      {isSilent && (
        <Link className="watch-silent" href="/console">
          {say(isOn ? 'muted' : 'soundOff')}
        </Link>
      )}
      {count > 0 && (
        <Link className="watch-waiting" href="/console">
          {say('waiting', { count })}
        </Link>
      )}
    </>
  )
}

export const WatchState = () => {
  const [location] = useLocation()
  return location === '/console' ? null : <Elsewhere />
}
