/** What each rule looks for, as data: the documents' table comes from here. */
import { deviceRules, type RuleFacts, type RuleName, ruleNames } from '../model/detection.ts'
import { ruleKinds } from './rule-kinds.ts'

type Words = Pick<RuleFacts, 'what' | 'levels' | 'thresholds'>

const vital = 'quality.least' as const
const mediumThenHigh = '中→高 medium, then high'

const words: Readonly<Record<RuleName, Words>> = {
  'heart-rate-low': {
    what: '心率过低；R60 雷达只报 60–120，查不出 heart too slow; an R60 radar clips at 60 to 120 and cannot show it',
    levels: mediumThenHigh,
    thresholds: [
      'heartRate.on',
      'heartRate.lowMediumAt',
      'heartRate.lowMediumAfter',
      'heartRate.lowHighAt',
      'heartRate.lowHighAfter',
      'heartRate.hysteresis',
      vital,
    ],
  },
  'heart-rate-high': {
    what: '心率过高；R60 雷达只报 60–120，查不出“高”级 heart too fast; an R60 radar clips at 60 to 120: never high',
    levels: mediumThenHigh,
    thresholds: [
      'heartRate.on',
      'heartRate.highMediumAt',
      'heartRate.highMediumAfter',
      'heartRate.highHighAt',
      'heartRate.highHighAfter',
      'heartRate.hysteresis',
      vital,
    ],
  },
  'respiration-low': {
    what: '呼吸过慢 breath too slow',
    levels: '高 high',
    thresholds: [
      'respiration.on',
      'respiration.lowAt',
      'respiration.lowAfter',
      'respiration.hysteresis',
      vital,
    ],
  },
  'respiration-high': {
    what: '呼吸过快 breath too fast',
    levels: mediumThenHigh,
    thresholds: [
      'respiration.on',
      'respiration.highAt',
      'respiration.highMediumAfter',
      'respiration.highHighAfter',
      'respiration.hysteresis',
      vital,
    ],
  },
  apnoea: {
    what: '在床而无呼吸 in bed, a good signal, and no breath',
    levels: mediumThenHigh,
    thresholds: ['apnoea.on', 'apnoea.mediumAfter', 'apnoea.highAfter', vital],
  },
  'bed-exit': {
    what: '夜间离床未归 out of bed at night and not back',
    levels: mediumThenHigh,
    thresholds: ['bedExit.on', 'bedExit.from', 'bedExit.to', 'bedExit.mediumAfter', 'bedExit.highAfter'],
  },
  'not-up': {
    what: '过了平常时间仍未起床 still in bed after the usual time of getting up',
    levels: '中 medium',
    thresholds: ['notUp.on', 'notUp.after', 'notUp.nights'],
  },
  'fall-still': {
    what: '跌倒后不动，确认跌倒 no movement after a fall: confirms it',
    levels: '高 high',
    thresholds: ['fall.stillFor'],
  },
  'device-silent': {
    what: '设备失联；呼叫按钮、烟雾及燃气探测器更急 not heard of; a call button, smoke or gas sensor is urgent',
    levels: '中，救命设备为高 medium, of lifelines high',
    thresholds: ['silence.missed', 'silence.lifelineAfter'],
  },
  'battery-low': {
    what: '连续多次电量低 battery low several times in a row',
    levels: '低 low',
    thresholds: ['battery.lowAt', 'battery.times'],
  },
  tamper: { what: '设备被拆动 case opened or moved', levels: '中 medium', thresholds: [] },
  'mains-lost': { what: '市电中断 mains lost', levels: '中 medium', thresholds: [] },
  chatter: {
    what: '传感器触发过于频繁，疑似故障 a sensor that triggers without end: faulty',
    levels: '中 medium',
    thresholds: ['chatter.times', 'chatter.within'],
  },
  'weekly-test': {
    what: '按钮逾期未测试 a button that nobody has pressed or tested',
    levels: '低 low',
    thresholds: ['test.every'],
  },
  'bathroom-stay': {
    what: '卫生间停留过久，先语音询问 long in the bathroom: the prompt first',
    levels: mediumThenHigh,
    thresholds: ['bathroom.on', 'bathroom.promptAfter', 'bathroom.highAfter'],
  },
  inactivity: {
    what: '在家清醒而久无活动 awake at home and no sign of life',
    levels: mediumThenHigh,
    thresholds: [
      'inactivity.on',
      'inactivity.mediumAfter',
      'inactivity.highAfter',
      'inactivity.nightFrom',
      'inactivity.nightTo',
    ],
  },
  'door-at-night': {
    what: '认知障碍者夜间开门未归 door open at night and nobody back, with impaired cognition',
    levels: '高 high',
    thresholds: ['doorAtNight.on', 'doorAtNight.from', 'doorAtNight.to', 'doorAtNight.openFor'],
  },
}

const isOfDevice = (rule: RuleName): boolean => deviceRules.some(one => one === rule)

export const ruleTable: readonly RuleFacts[] = ruleNames.map(rule => ({
  rule,
  kind: ruleKinds[rule],
  scope: isOfDevice(rule) ? 'device' : 'home',
  ...words[rule],
}))
