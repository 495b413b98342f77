/** Times and lengths of time, as people read them. */
import { languageNow } from './language.ts'

const minute = 60
const hour = 3_600

const two = (number: number): string => String(number).padStart(2, '0')

/** 0:07, 12:05, 1:02:33. Negative: -0:07. */
export const clockText = (ms: number): string => {
  const seconds = Math.floor(Math.abs(ms) / 1_000)
  const rest = `${two(Math.floor(seconds / minute) % 60)}:${two(seconds % minute)}`
  const text = seconds >= hour ? `${Math.floor(seconds / hour)}:${rest}` : rest.replace(/^0/, '')
  return ms < 0 && seconds > 0 ? `-${text}` : text
}

/** Of the city, whatever this machine's own is. Set once, from what the gateway says. */
let timeZone: string | undefined
export const setTimeZone = (zone: string): void => {
  timeZone = zone
}

const formats = new Map<string, Intl.DateTimeFormat>()

const format = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat => {
  const locale = languageNow() === 'zh' ? 'zh-CN' : 'en-GB'
  const key = JSON.stringify([locale, timeZone, options])
  const known = formats.get(key)
  if (known) return known
  const made = new Intl.DateTimeFormat(locale, { ...(timeZone !== undefined && { timeZone }), ...options })
  formats.set(key, made)
  return made
}

const instantOf = (at: string | number): number => (typeof at === 'number' ? at : Date.parse(at))

const clock = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const

/** 20:18:00 */
export const timeText = (at: string | number): string => format(clock).format(instantOf(at))
/** 2026/11/21 */
export const dateText = (at: string | number): string =>
  format({ year: 'numeric', month: '2-digit', day: '2-digit' }).format(instantOf(at))
/** 11/21 20:18:00 */
export const momentText = (at: string | number): string =>
  format({ month: '2-digit', day: '2-digit', ...clock }).format(instantOf(at))

/** 1,234 */
export const numberText = (value: number, digits = 0): string =>
  value.toLocaleString(languageNow() === 'zh' ? 'zh-CN' : 'en-GB', { maximumFractionDigits: digits })
