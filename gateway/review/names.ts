/** What reports call things: Chinese first, then English. */
import type { AlarmClass, AlarmKind } from '../model/kinds.ts'
import type { Name } from '../model/review.ts'

const named = (zh: string, en: string): Name => ({ zh, en })

export const classNames: Readonly<Record<AlarmClass, Name>> = {
  call: named('呼叫', 'calls'),
  hazard: named('险情', 'hazards'),
  inferred: named('推断', 'inferred'),
  technical: named('设备', 'technical'),
  service: named('服务', 'service'),
  test: named('测试', 'tests'),
}

export const kindNames: Readonly<Record<AlarmKind, Name>> = {
  sos: named('紧急呼叫', 'SOS call'),
  smoke: named('烟雾', 'smoke'),
  gas: named('燃气', 'gas'),
  'carbon-monoxide': named('一氧化碳', 'carbon monoxide'),
  'water-leak': named('漏水', 'water leak'),
  fall: named('跌倒', 'fall'),
  'heart-rate-low': named('心率过低', 'heart rate low'),
  'heart-rate-high': named('心率过高', 'heart rate high'),
  'respiration-low': named('呼吸过慢', 'respiration low'),
  'respiration-high': named('呼吸过快', 'respiration high'),
  apnoea: named('呼吸暂停', 'apnoea'),
  'no-return-to-bed': named('离床未归', 'not back in bed'),
  'not-up': named('久未起床', 'not up'),
  'bathroom-stay': named('久留卫生间', 'long in the bathroom'),
  inactivity: named('久无活动', 'no activity'),
  'door-at-night': named('夜间开门', 'door at night'),
  'device-silent': named('设备失联', 'device silent'),
  'line-lost': named('线路中断', 'line lost'),
  'battery-low': named('电量低', 'battery low'),
  tamper: named('设备被拆', 'tamper'),
  'mains-lost': named('断电', 'mains lost'),
  'nobody-on-duty': named('无人值守', 'nobody on duty'),
  'sensor-faulty': named('传感器异常', 'sensor faulty'),
  service: named('服务请求', 'service request'),
  test: named('测试', 'test'),
}

/** What the service levels ask for, and nobody tells this gateway. */
export const notMeasured = [
  {
    id: 'monthly-visits',
    name: named('月探访率', 'Monthly visit rate'),
    why: named('网关没有探访计划和探访记录', 'Visits are planned and recorded elsewhere'),
  },
  {
    id: 'complaints',
    name: named('投诉', 'Complaints'),
    why: named('网关不受理投诉', 'Complaints are taken elsewhere'),
  },
] as const
