/** The night in words and curves: the same on the board and in the last summary. */
import type { NightView } from './night.ts'
import { sparkline } from './sparkline.ts'

/** /min: the range in which sleepers are. */
const heartRange = [52, 76] as const
const respirationRange = [10, 20] as const

const lastOf = (values: readonly (number | undefined)[]): string => {
  const last = values.findLast(value => value !== undefined)
  return last === undefined ? '–' : last.toFixed(0)
}

const bedText = (inBed: boolean | undefined): string =>
  inBed === undefined ? '尚无数据 no data yet' : inBed ? '在床 in bed' : '离床 out of bed'

/** Lines, each as the segments that may stand side by side. */
export const nightSegments = (night: NightView): string[][] => {
  const { counts } = night
  return [
    [
      `模拟时间 Simulated time ${night.now}`,
      `传感器 Sensors heard ${night.heard}/${night.sensors}`,
      `已存样本 Samples stored ${night.samples}`,
      ...(counts
        ? [
            `有保障 Protected ${counts.protected}`,
            `降级 Degraded ${counts.degraded}`,
            `无保障 Unprotected ${counts.unprotected}`,
          ]
        : []),
    ],
    [
      `${night.sleeper} ${bedText(night.inBed)}`,
      `心率 Heart ${sparkline(night.heart, ...heartRange)} ${lastOf(night.heart)}/min`,
      `呼吸 Resp. ${sparkline(night.respiration, ...respirationRange)} ${lastOf(night.respiration)}/min`,
      '非医疗器械 not a medical device',
    ],
    ['夜间警报 The night’s alarm', ...(night.steps.length > 0 ? night.steps : ['尚无 none yet'])],
  ]
}
