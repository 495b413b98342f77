/** The sound of this workstation: whether it can be heard, and for how long it is muted. */
import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import type { Priority } from '../../gateway/model/kinds.ts'
import { steadyClock as clock } from '../live/steady-clock.ts'
import { bursts } from './patterns.ts'
import { createRinger, type Ringer } from './ringer.ts'
import { createSpeaker } from './speaker.ts'

/** Nobody mutes for longer: it ends by itself. */
export const muteMinutes = [2, 5, 10] as const

export type SoundState = {
  /** The browser lets the page be heard. */
  readonly isOn: boolean
  /** What somebody answered to the self-test. */
  readonly isHeard: boolean | undefined
  /** By `performance.now()`. */
  readonly mutedUntil: number | undefined
}

export interface Sound extends Pick<Ringer, 'show'> {
  snapshot(): SoundState
  subscribe(listener: () => void): () => void
  /** To be called while a press is handled. */
  switchOn(): Promise<boolean>
  answer(isHeard: boolean): void
  tryOut(priority: Priority): void
  mute(minutes: (typeof muteMinutes)[number]): void
  unmute(): void
  stop(): void
}

export const createSound = (onSounded: (alarms: readonly AlarmView[]) => void): Sound => {
  const listeners = new Set<() => void>()
  let state: SoundState = { isOn: false, isHeard: undefined, mutedUntil: undefined }
  const set = (more: Partial<SoundState>): void => {
    state = { ...state, ...more }
    for (const listener of listeners) listener()
  }
  const speaker = createSpeaker(() => {
    set({ isOn: speaker.isOn() })
    if (state.isOn) ringer.resume()
  })
  const ringer = createRinger({ clock, speaker, onSounded })
  let stopEnding = (): void => undefined

  const unmute = (): void => {
    stopEnding()
    set({ mutedUntil: undefined })
    ringer.mute(-Infinity)
  }

  return {
    snapshot: () => state,
    subscribe: listener => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    show: ringer.show,
    async switchOn() {
      const isOn = await speaker.switchOn()
      set({ isOn })
      return isOn
    },
    answer: isHeard => set({ isHeard }),
    tryOut: priority => void speaker.play(bursts[priority]),
    mute(minutes) {
      stopEnding()
      const ms = minutes * 60_000
      set({ mutedUntil: clock.now() + ms })
      ringer.mute(clock.now() + ms)
      stopEnding = clock.after(ms, unmute)
    },
    unmute,
    stop() {
      stopEnding()
      ringer.stop()
      speaker.close()
    },
  }
}
