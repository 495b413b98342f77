/** The sound of this workstation for a page: rings for all alarms in sight, straight from the stream. */
import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react'
import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import { arrivalsIn, type Seen } from '../console/newness.ts'
import { useLiveAlarms } from '../live/live-context.tsx'
import { createSound, type Sound, type SoundState } from './sound.ts'

const Context = createContext<Sound | undefined>(undefined)

export const SoundProvider = ({
  seen,
  onSounded,
  children,
}: {
  readonly seen: Seen
  /** Of the first render: it stays the same. */
  readonly onSounded: (alarms: readonly AlarmView[]) => void
  readonly children: ReactNode
}) => {
  const live = useLiveAlarms()
  const [sound, setSound] = useState<Sound>()
  const latestSeen = useRef(seen)
  const told = useRef(onSounded)
  useEffect(() => {
    const made = createSound(alarms => told.current(alarms))
    let isStale = false
    const show = () => {
      const { isLoaded, link } = live.snapshot()
      if (isLoaded) made.show(live.latest().values(), latestSeen.current)
      // From here on nobody would be heard: that is said once.
      if (link.state === 'stale' && !isStale) made.tryOut('medium')
      isStale = link.state === 'stale'
    }
    // Browsers let a page be heard once somebody has done something in it: the login, or any press after it.
    const arm = () => {
      if (!made.snapshot().isOn) void made.switchOn()
    }
    if (navigator.userActivation.hasBeenActive) arm()
    // At the end of a press: whatever it was meant for has had it by then.
    const presses = ['click', 'keyup'] as const
    for (const press of presses) window.addEventListener(press, arm)
    const unsubscribe = live.subscribe(show)
    // Not by way of what is shown: a call rings before its row is painted, however long the page draws.
    const unhear = live.onNews(changes => {
      if (arrivalsIn(changes).length > 0) show()
    })
    show()
    setSound(made)
    return () => {
      for (const press of presses) window.removeEventListener(press, arm)
      unsubscribe()
      unhear()
      made.stop()
    }
  }, [live])
  useEffect(() => {
    latestSeen.current = seen
    if (live.snapshot().isLoaded) sound?.show(live.latest().values(), seen)
  }, [seen, sound, live])
  return sound && <Context value={sound}>{children}</Context>
}

export const useSound = (): Sound & { readonly state: SoundState } => {
  const sound = useContext(Context)
  if (!sound) throw new Error('this part is not inside of SoundProvider')
  return { ...sound, state: useSyncExternalStore(sound.subscribe, sound.snapshot) }
}
