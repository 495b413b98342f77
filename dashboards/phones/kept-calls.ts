/**
 * Calls of mine as they were last seen, so that address and door note can still be read when a reload finds no network.
 * In this window only and while the call is open: they are about somebody's home and health.
 */
import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import { trusted } from '../shell/api.ts'

/** Nobody goes to more at one time; of more, the first are kept. */
const keptLimit = 10
const keyOf = (username: string): string => `anling.calls.${username}`

export const keepCalls = (username: string, calls: readonly AlarmView[]): void => {
  try {
    sessionStorage.setItem(keyOf(username), JSON.stringify(calls.slice(0, keptLimit)))
  } catch {
    // A telephone that keeps nothing still shows what it hears.
  }
}

export const keptCalls = (username: string): readonly AlarmView[] =>
  trusted<readonly AlarmView[]>(JSON.parse(sessionStorage.getItem(keyOf(username)) ?? '[]'))
