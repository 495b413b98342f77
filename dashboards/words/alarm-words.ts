/** What alarms are called, on every page the same. */
import { useMemo } from 'react'
import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import type { AlarmState, Cause, Deadline } from '../../gateway/model/alarm.ts'
import type { AlarmClass, Priority } from '../../gateway/model/kinds.ts'
import { type Say, words } from './words.ts'

type Kind = AlarmView['kind']
type Key =
  | `kind.${Kind}`
  | `class.${AlarmClass}`
  | `state.${AlarmState}`
  | `priority.${Priority}`
  | `cause.${Cause}`
  | `deadline.${Deadline['kind']}`

const zh: Readonly<Record<Key, string>> = {
  'kind.sos': '紧急呼叫',
  'kind.smoke': '烟雾报警',
  'kind.gas': '燃气泄漏',
  'kind.carbon-monoxide': '一氧化碳',
  'kind.water-leak': '漏水',
  'kind.fall': '疑似跌倒',
  'kind.heart-rate-low': '心率过低',
  'kind.heart-rate-high': '心率过高',
  'kind.respiration-low': '呼吸过慢',
  'kind.respiration-high': '呼吸过快',
  'kind.apnoea': '呼吸暂停',
  'kind.no-return-to-bed': '离床未归',
  'kind.not-up': '久未起床',
  'kind.bathroom-stay': '久留卫生间',
  'kind.inactivity': '久无活动',
  'kind.door-at-night': '夜间开门',
  'kind.device-silent': '设备失联',
  'kind.line-lost': '线路中断',
  'kind.nobody-on-duty': '无人值守',
  'kind.battery-low': '电量低',
  'kind.tamper': '设备被拆',
  'kind.mains-lost': '断电',
  'kind.sensor-faulty': '传感器异常',
  'kind.service': '服务请求',
  'kind.test': '测试',
  'class.call': '呼叫',
  'class.hazard': '险情',
  'class.inferred': '推断',
  'class.technical': '技术',
  'class.service': '服务',
  'class.test': '测试',
  'state.suspected': '待核实',
  'state.offered': '待受理',
  'state.acknowledged': '已受理',
  'state.dispatched': '已派单',
  'state.arrived': '已到达',
  'state.resolved': '已处理',
  'state.closed': '已归档',
  'priority.high': '高',
  'priority.medium': '中',
  'priority.low': '低',
  'cause.real': '真实求助',
  'cause.accidental': '误触',
  'cause.sensor-false': '传感器误报',
  'cause.test': '测试',
  'cause.away': '外出',
  'cause.nuisance': '骚扰',
  'cause.unclear': '原因不明',
  'deadline.verification': '核实期满',
  'deadline.escalation': '升级派发',
  'deadline.lease': '受理到期',
  'deadline.acceptance': '等待接单',
  'deadline.arrival': '到达时限',
  'deadline.finish': '完成时限',
  'deadline.follow-up': '回访时限',
  'deadline.test-end': '测试结束',
}

const en: Readonly<Record<Key, string>> = {
  'kind.sos': 'SOS call',
  'kind.smoke': 'Smoke',
  'kind.gas': 'Gas leak',
  'kind.carbon-monoxide': 'Carbon monoxide',
  'kind.water-leak': 'Water leak',
  'kind.fall': 'Suspected fall',
  'kind.heart-rate-low': 'Heart rate low',
  'kind.heart-rate-high': 'Heart rate high',
  'kind.respiration-low': 'Breathing slow',
  'kind.respiration-high': 'Breathing fast',
  'kind.apnoea': 'Apnoea',
  'kind.no-return-to-bed': 'Not back in bed',
  'kind.not-up': 'Not up',
  'kind.bathroom-stay': 'Long in bathroom',
  'kind.inactivity': 'No activity',
  'kind.door-at-night': 'Door at night',
  'kind.device-silent': 'Device silent',
  'kind.line-lost': 'Line lost',
  'kind.nobody-on-duty': 'Nobody on duty',
  'kind.battery-low': 'Battery low',
  'kind.tamper': 'Tamper',
  'kind.mains-lost': 'Mains lost',
  'kind.sensor-faulty': 'Sensor faulty',
  'kind.service': 'Service request',
  'kind.test': 'Test',
  'class.call': 'Call',
  'class.hazard': 'Hazard',
  'class.inferred': 'Inferred',
  'class.technical': 'Technical',
  'class.service': 'Service',
  'class.test': 'Test',
  'state.suspected': 'To verify',
  'state.offered': 'Waiting',
  'state.acknowledged': 'Acknowledged',
  'state.dispatched': 'Dispatched',
  'state.arrived': 'Arrived',
  'state.resolved': 'Resolved',
  'state.closed': 'Archived',
  'priority.high': 'High',
  'priority.medium': 'Medium',
  'priority.low': 'Low',
  'cause.real': 'Real need',
  'cause.accidental': 'Accidental',
  'cause.sensor-false': 'Sensor false alarm',
  'cause.test': 'Test',
  'cause.away': 'Away',
  'cause.nuisance': 'Nuisance',
  'cause.unclear': 'Unclear',
  'deadline.verification': 'Taken for real in',
  'deadline.escalation': 'Escalates in',
  'deadline.lease': 'Asked anew in',
  'deadline.acceptance': 'To be accepted in',
  'deadline.arrival': 'To arrive in',
  'deadline.finish': 'To finish in',
  'deadline.follow-up': 'Follow-up due in',
  'deadline.test-end': 'Test ends in',
}

const useSay = words<Key>('alarm', { zh, en })

/** Whether there is a word for it: a gateway may be newer than this page. */
const isKey = (key: string): key is Key => key in zh

export type AlarmWords = { readonly of: (what: string, value: string) => string; readonly say: Say<Key> }

/** What nobody has a word for is shown as it is. */
const ofIn =
  (say: Say<Key>): AlarmWords['of'] =>
  (what, value) => {
    const key = `${what}.${value}`
    return isKey(key) ? say(key) : value
  }

/** `of('kind', alarm.kind)` */
export const useAlarmWords = (): AlarmWords => {
  const say = useSay()
  return useMemo(() => ({ say, of: ofIn(say) }), [say])
}
