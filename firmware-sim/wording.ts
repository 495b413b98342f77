/** What happens, in words for people: Chinese first, English beside it. */
import type { Happening } from './crowd.ts'

const words: { readonly [term: string]: string } = {
  // kinds
  sos: '求助 SOS',
  service: '服务 service',
  fall: '跌倒 fall',
  smoke: '烟雾 smoke',
  gas: '燃气 gas',
  'carbon-monoxide': '一氧化碳 CO',
  'water-leak': '漏水 leak',
  test: '测试 test',
  'no-return-to-bed': '离床未归 bed exit',
  'not-up': '未起床 not up',
  'heart-rate-low': '心率过低 heart low',
  'heart-rate-high': '心率过高 heart high',
  'respiration-low': '呼吸过慢 resp. low',
  'respiration-high': '呼吸过快 resp. high',
  apnoea: '呼吸暂停 apnoea',
  'bathroom-stay': '如厕过久 bathroom',
  inactivity: '无活动 inactive',
  'door-at-night': '夜间开门 door',
  'device-silent': '设备失联 silent',
  'line-lost': '线路中断 line lost',
  'nobody-on-duty': '无人值守 nobody on duty',
  'battery-low': '电量低 battery',
  tamper: '被拆动 tamper',
  'mains-lost': '断电 mains lost',
  'sensor-faulty': '传感器异常 faulty',
  // priorities
  high: '高级 high',
  medium: '中级 medium',
  low: '低级 low',
  // states and stages
  accepted: '已接收 accepted',
  suspected: '待核实 suspected',
  offered: '待受理 offered',
  acknowledged: '已受理 acknowledged',
  dispatched: '已派人 dispatched',
  arrived: '已到达 arrived',
  resolved: '已处置 resolved',
  closed: '已结案 closed',
  released: '已退回 released',
  // actions
  received: '已收到 received',
  acknowledge: '受理 acknowledge',
  release: '退回 release',
  resolve: '处置 resolve',
  // deadlines
  verification: '核实 verify',
  escalation: '升级 escalate',
  lease: '受理到期 lease',
  arrival: '到达时限 arrival',
  finish: '完成时限 finish',
  'follow-up': '回访 follow-up',
  'test-end': '测试结束 test end',
}

/** A term that nobody has translated yet is shown as it is. */
export const wordFor = (term: string): string =>
  (Object.hasOwn(words, term) ? words[term] : undefined) ?? term

/** One line without its time. `nameOf` makes the id of a device or a point readable. */
export const describe = (happening: Happening, nameOf = (id: string) => id): string => {
  switch (happening.type) {
    case 'pressed':
      return `${nameOf(happening.device)} 按下 pressed: ${wordFor(happening.kind)}`
    case 'accepted':
      return `${nameOf(happening.device)} 网关已确认 PUBACK (${happening.event})`
    case 'offered': {
      const { kind, resident, level, repeat } = happening.offer
      const again = repeat > 0 ? `，已再按 pressed again ×${repeat}` : ''
      return `${nameOf(happening.point)} 收到派单 offered: ${resident?.name ?? ''} ${wordFor(kind)}，第 ${level} 级 level ${level}${again}`
    }
    case 'replied':
      return `${nameOf(happening.point)} 答复 replied: ${wordFor(happening.reply.action)}`
    case 'told':
      return `${nameOf(happening.device)} 得到反馈 was told: ${wordFor(happening.feedback.stage)}`
    case 'link':
      return happening.state.up
        ? `${nameOf(happening.who)} 已连接 connected`
        : `${nameOf(happening.who)} 连接中断 not connected: ${happening.state.reason}`
  }
}
