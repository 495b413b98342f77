/** Calls for an operator whose eyes are elsewhere: in the title, the icon, by a notification; and keeps the screen awake. */
import { useEffect } from 'react'
import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import calmBell from '../kit/bell.svg'
import { useLive, useLiveAlarms } from '../live/live-context.tsx'
import { useAlarmWords } from '../words/alarm-words.ts'
import { words } from '../words/words.ts'
import waitingBell from './bell-waiting.svg'
import { arrivalsIn } from './newness.ts'

const useSay = words('console-attention', {
  zh: { console: '调度台', lost: '⚠ 与网关失联', again: '再次：{{kind}}' },
  en: { console: 'Console', lost: '⚠ No word from the gateway', again: 'Again: {{kind}}' },
})

const icon = (): HTMLLinkElement | null => document.querySelector('link[rel="icon"]')

/** @param waiting how many alarms about people nobody has taken */
export const useTitle = (waiting: number): void => {
  const say = useSay()
  const isLost = useLive().link.state === 'stale'
  const title = `${say(isLost ? 'lost' : 'console')} · 安铃 Anling`
  const isWaiting = waiting > 0
  useEffect(() => {
    document.title = isWaiting ? `(${waiting}) ${title}` : title
  }, [waiting, isWaiting, title])
  useEffect(() => {
    icon()?.setAttribute('href', isWaiting ? waitingBell : calmBell)
    return () => icon()?.setAttribute('href', calmBell)
  }, [isWaiting])
}

/** It shows over other programs and on locked screens, so it says nobody's name. */
export const useNotifications = (open: (alarm: AlarmView) => void): void => {
  const live = useLiveAlarms()
  const { of } = useAlarmWords()
  const say = useSay()
  useEffect(
    () =>
      live.onChange(changes => {
        if (document.hasFocus() || !('Notification' in window) || Notification.permission !== 'granted')
          return
        for (const alarm of arrivalsIn(changes).filter(({ priority }) => priority === 'high')) {
          const kind = of('kind', alarm.kind)
          const notification = new Notification(alarm.repeats > 0 ? say('again', { kind }) : kind, {
            // A notification of the same tag is put in place of the one before without a sound.
            tag: `${alarm.id}/${alarm.version}`,
            body: alarm.home?.areaName ?? '',
            icon: waitingBell,
          })
          notification.addEventListener('click', () => {
            window.focus()
            open(alarm)
          })
        }
      }),
    [live, of, say, open],
  )
}

/** A browser lets the lock go whenever the page is hidden. Without one the system's own settings hold. */
export const useScreenAwake = (): void => {
  useEffect(() => {
    let lock: WakeLockSentinel | undefined
    let isLeft = false
    const ask = async () => {
      if (document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return
      const given = await navigator.wakeLock.request('screen').catch(() => undefined)
      if (isLeft) await given?.release()
      else lock = given
    }
    const onChange = () => void ask()
    document.addEventListener('visibilitychange', onChange)
    void ask()
    return () => {
      isLeft = true
      document.removeEventListener('visibilitychange', onChange)
      void lock?.release()
    }
  }, [])
}
