/** @import { Deadline } from '../../gateway/model/alarm.ts' */
/** @import { AlarmView } from '../../gateway/api/alarm-view.ts' */

/** @typedef {readonly [zh: string, en: string]} Words */

/** @type {Readonly<Record<AlarmView['kind'], Words>>} */
export const kinds = {
  sos: ['紧急呼叫', 'SOS call'],
  smoke: ['烟雾', 'Smoke'],
  gas: ['燃气', 'Gas'],
  'carbon-monoxide': ['一氧化碳', 'Carbon monoxide'],
  'water-leak': ['漏水', 'Water leak'],
  fall: ['跌倒', 'Fall'],
  'heart-rate-low': ['心率过低', 'Heart rate low'],
  'heart-rate-high': ['心率过高', 'Heart rate high'],
  'respiration-low': ['呼吸过慢', 'Respiration low'],
  'respiration-high': ['呼吸过快', 'Respiration high'],
  apnoea: ['呼吸暂停', 'Apnoea'],
  'no-return-to-bed': ['离床未归', 'Not back in bed'],
  'not-up': ['久未起床', 'Not up'],
  'bathroom-stay': ['久留卫生间', 'Long in the bathroom'],
  inactivity: ['久无活动', 'No activity'],
  'door-at-night': ['夜间开门', 'Door at night'],
  'device-silent': ['设备失联', 'Device silent'],
  'line-lost': ['线路中断', 'Line lost'],
  'nobody-on-duty': ['无人值守', 'Nobody on duty'],
  'sensor-faulty': ['传感器异常', 'Sensor faulty'],
  'battery-low': ['电量低', 'Battery low'],
  tamper: ['设备被拆', 'Tamper'],
  'mains-lost': ['断电', 'Mains lost'],
  service: ['服务请求', 'Service'],
  test: ['测试', 'Test'],
}

/** By class, so that colour is never alone. @type {{ readonly [alarmClass: string]: string | undefined }} */
export const shapes = { call: '●', hazard: '▲', inferred: '◆', technical: '■', service: '✚', test: '○' }

/** @type {Readonly<Record<AlarmView['state'], Words>>} */
export const states = {
  suspected: ['待核实', 'Suspected'],
  offered: ['待受理', 'Offered'],
  acknowledged: ['已受理', 'Acknowledged'],
  dispatched: ['已派单', 'Dispatched'],
  arrived: ['已到达', 'Arrived'],
  resolved: ['已处理', 'Resolved'],
  closed: ['已归档', 'Closed'],
}

/** @type {{ readonly [kind in Deadline['kind']]: Words } & { readonly [kind: string]: Words | undefined }} */
export const deadlines = {
  verification: ['核实期满', 'Verified by'],
  escalation: ['升级派发', 'Escalation'],
  lease: ['受理到期', 'Lease ends'],
  acceptance: ['等待接单', 'Acceptance due'],
  arrival: ['到达时限', 'Arrival due'],
  finish: ['完成时限', 'Finish due'],
  'follow-up': ['回访时限', 'Follow-up due'],
  'test-end': ['测试结束', 'Test ends'],
}

/** @type {Readonly<Record<'county' | 'city', Words>>} */
export const areas = { county: ['区县中心', 'County'], city: ['市级平台', 'City'] }

/** Chinese first, English beside it and marked as such. @param {Words} words @returns {(Node | string)[]} */
export const bilingual = ([zh, en]) => {
  const english = document.createElement('span')
  english.lang = 'en'
  english.textContent = en
  return [zh, ' ', english]
}
