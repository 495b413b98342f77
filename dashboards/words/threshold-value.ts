/** A figure of detection as people write it, and back: times of day as 22:00, yes and no as words. */
import { words } from './words.ts'

const zh = {
  '/min': '次/分',
  s: '秒',
  min: '分钟',
  h: '小时',
  '%': '%',
  days: '天',
  times: '次',
  nights: '晚',
  on: '开',
  off: '关',
}
const useSay = words('threshold-value', {
  zh,
  en: {
    '/min': '/min',
    s: 's',
    min: 'min',
    h: 'h',
    '%': '%',
    days: 'days',
    times: 'times',
    nights: 'nights',
    on: 'on',
    off: 'off',
  },
})

const isUnit = (unit: string): unit is keyof typeof zh => unit in zh

const two = (number: number): string => String(number).padStart(2, '0')
/** 22:00 */
export const clockOf = (minutes: number): string => `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
/** Undefined: no time of day. */
export const minutesOf = (clock: string): number | undefined => {
  const [, hours, minutes] = /^(\d\d):(\d\d)/.exec(clock) ?? []
  return hours === undefined ? undefined : Number(hours) * 60 + Number(minutes)
}

export const useThresholdValue = (): ((value: number, unit: string) => string) => {
  const say = useSay()
  return (value, unit) => {
    if (unit === 'time of day') return clockOf(value)
    if (unit === 'yes/no') return say(value === 1 ? 'on' : 'off')
    return `${value} ${isUnit(unit) ? say(unit) : unit}`
  }
}
