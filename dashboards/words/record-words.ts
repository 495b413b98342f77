/** What records say of people, rooms and devices, and what is wrong with those, on every page the same. */
import type { Finder } from '../../gateway/model/detection.ts'
import type { NoPointReason } from '../../gateway/model/routing.ts'
import type { Protection, Weakness } from '../../gateway/model/supervision.ts'
import { words } from './words.ts'

/** Rules, and whatever else can be found wrong. */
type Condition = Finder | Weakness['reason']

const zh = {
  'relation.daughter': '女儿',
  'relation.son': '儿子',
  'relation.spouse': '配偶',
  'relation.grandchild': '孙辈',
  'relation.neighbour': '邻居',
  'relation.friend': '朋友',
  'role.carer': '护理员',
  'role.grid-worker': '网格员',
  'role.property-staff': '物业',
  'role.village-doctor': '村医',
  'role.volunteer': '志愿者',
  'room.bedroom': '卧室',
  'room.bathroom': '卫生间',
  'room.living-room': '客厅',
  'room.kitchen': '厨房',
  'room.hall': '门厅',
  'sex.1': '男',
  'sex.2': '女',
  'hearing.good': '听力好',
  'hearing.impaired': '听力差',
  'hearing.deaf': '失聪',
  'ability.0': '能力完好',
  'ability.1': '轻度失能',
  'ability.2': '中度失能',
  'ability.3': '重度失能',
  'ability.4': '完全失能',
  'model.native/call-button': '呼叫器',
  'model.native/pendant': '吊坠',
  'model.native/bed': '床垫',
  'model.native/fall-detector': '跌倒探测器',
  'model.native/smoke': '烟感',
  'model.native/gas': '燃气探测器',
  'model.native/carbon-monoxide': '一氧化碳探测器',
  'model.native/water': '水浸传感器',
  'model.native/door': '门磁',
  'model.native/motion': '红外',
  'model.r60/fall': '跌倒雷达',
  'model.r60/': '睡眠雷达',
  'model.espa444/': '呼叫面板',
  'model.zigbee2mqtt/sos': '呼叫器',
  'model.zigbee2mqtt/smoke': '烟感',
  'model.zigbee2mqtt/gas': '燃气探测器',
  'model.zigbee2mqtt/carbon-monoxide': '一氧化碳探测器',
  'model.zigbee2mqtt/water': '水浸传感器',
  'model.zigbee2mqtt/fall': '跌倒探测器',
  'model.bridge/': '网桥',
  'condition.heart-rate-low': '心率过低',
  'condition.heart-rate-high': '心率过高',
  'condition.respiration-low': '呼吸过慢',
  'condition.respiration-high': '呼吸过快',
  'condition.apnoea': '呼吸暂停',
  'condition.bed-exit': '离床未归',
  'condition.not-up': '久未起床',
  'condition.fall-still': '跌倒后不动',
  'condition.device-silent': '失联',
  'condition.battery-low': '电量低',
  'condition.tamper': '被拆',
  'condition.mains-lost': '断电',
  'condition.chatter': '信号异常',
  'condition.weekly-test': '未做每周测试',
  'condition.bathroom-stay': '久留卫生间',
  'condition.inactivity': '久无活动',
  'condition.door-at-night': '夜间开门',
  'condition.line-lost': '线路中断',
  'condition.nobody-on-duty': '无人值守',
  'condition.never-seen': '从未上线',
  'condition.no-device': '没有设备',
  'condition.no-way-to-call': '无法呼叫',
  'protection.protected': '守护正常',
  'protection.degraded': '守护减弱',
  'protection.unprotected': '失去守护',
  'noPoint.no-position': '住址没有坐标',
  'noPoint.no-points': '没有服务点',
  'noPoint.none-eligible': '没有可用的服务点',
  'noPoint.none-reachable': '服务点终端均不在线',
} satisfies Readonly<
  Record<`condition.${Condition}` | `protection.${Protection}` | `noPoint.${NoPointReason}`, string> &
    Record<string, string>
>

type Key = keyof typeof zh

const en: Readonly<Record<Key, string>> = {
  'relation.daughter': 'daughter',
  'relation.son': 'son',
  'relation.spouse': 'spouse',
  'relation.grandchild': 'grandchild',
  'relation.neighbour': 'neighbour',
  'relation.friend': 'friend',
  'role.carer': 'carer',
  'role.grid-worker': 'grid worker',
  'role.property-staff': 'property staff',
  'role.village-doctor': 'village doctor',
  'role.volunteer': 'volunteer',
  'room.bedroom': 'bedroom',
  'room.bathroom': 'bathroom',
  'room.living-room': 'living room',
  'room.kitchen': 'kitchen',
  'room.hall': 'hall',
  'sex.1': 'male',
  'sex.2': 'female',
  'hearing.good': 'hears well',
  'hearing.impaired': 'hard of hearing',
  'hearing.deaf': 'deaf',
  'ability.0': 'ability intact',
  'ability.1': 'mild loss of ability',
  'ability.2': 'moderate loss of ability',
  'ability.3': 'severe loss of ability',
  'ability.4': 'complete loss of ability',
  'model.native/call-button': 'call button',
  'model.native/pendant': 'pendant',
  'model.native/bed': 'bed sensor',
  'model.native/fall-detector': 'fall detector',
  'model.native/smoke': 'smoke detector',
  'model.native/gas': 'gas detector',
  'model.native/carbon-monoxide': 'CO detector',
  'model.native/water': 'water sensor',
  'model.native/door': 'door contact',
  'model.native/motion': 'motion sensor',
  'model.r60/fall': 'fall radar',
  'model.r60/': 'sleep radar',
  'model.espa444/': 'call panel',
  'model.zigbee2mqtt/sos': 'call button',
  'model.zigbee2mqtt/smoke': 'smoke detector',
  'model.zigbee2mqtt/gas': 'gas detector',
  'model.zigbee2mqtt/carbon-monoxide': 'CO detector',
  'model.zigbee2mqtt/water': 'water sensor',
  'model.zigbee2mqtt/fall': 'fall detector',
  'model.bridge/': 'bridge',
  'condition.heart-rate-low': 'heart rate low',
  'condition.heart-rate-high': 'heart rate high',
  'condition.respiration-low': 'breathing slow',
  'condition.respiration-high': 'breathing fast',
  'condition.apnoea': 'apnoea',
  'condition.bed-exit': 'not back in bed',
  'condition.not-up': 'not up',
  'condition.fall-still': 'still after a fall',
  'condition.device-silent': 'silent',
  'condition.battery-low': 'battery low',
  'condition.tamper': 'tampered with',
  'condition.mains-lost': 'mains lost',
  'condition.chatter': 'signals implausible',
  'condition.weekly-test': 'weekly test missing',
  'condition.bathroom-stay': 'long in the bathroom',
  'condition.inactivity': 'no activity',
  'condition.door-at-night': 'door at night',
  'condition.line-lost': 'line lost',
  'condition.nobody-on-duty': 'nobody on duty',
  'condition.never-seen': 'never heard of',
  'condition.no-device': 'no device',
  'condition.no-way-to-call': 'no way to call',
  'protection.protected': 'protected',
  'protection.degraded': 'degraded',
  'protection.unprotected': 'unprotected',
  'noPoint.no-position': 'the home has no position',
  'noPoint.no-points': 'there is no service point',
  'noPoint.none-eligible': 'no service point can take it',
  'noPoint.none-reachable': 'no terminal of a service point is connected',
}

const useSay = words<Key>('record', { zh, en })

const isKey = (key: string): key is Key => key in zh

/** Longest first, as the gateway finds a model. */
const modelKeys = Object.keys(zh)
  .filter(isKey)
  .filter(key => key.startsWith('model.'))
  .toSorted((a, b) => b.length - a.length)

export type RecordWords = {
  /** By its code of ISO/IEC 5218; `undefined`: not known or not stated. */
  readonly sex: (code: number | undefined) => string | undefined
  readonly of: (what: string, value: string) => string
  /** By the beginning of `model`, such as native/call-button-2. */
  readonly device: (model: string) => string
}

/** `of('room', device.room)`; what nobody has a word for is shown as it is. */
export const useRecordWords = (): RecordWords => {
  const say = useSay()
  return {
    sex: code => (code === 1 || code === 2 ? say(`sex.${code}`) : undefined),
    of: (what, value) => {
      const key = `${what}.${value}`
      return isKey(key) ? say(key) : value
    },
    device: model => {
      const key = modelKeys.find(one => `model.${model}`.startsWith(one))
      return key ? say(key) : model
    },
  }
}
