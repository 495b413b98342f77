/** What has happened to an alarm, in the words of its timeline. */
import type { AlarmEventType } from '../../gateway/model/alarm.ts'
import { words } from './words.ts'

const zh: Readonly<Record<AlarmEventType, string>> = {
  raised: '触发',
  suspected: '等待核实',
  confirmed: '确认属实',
  offered: '派发',
  repeated: '再次触发',
  cleared: '设备报告已解除',
  cancelled: '老人取消',
  acknowledged: '受理',
  released: '交还',
  transferred: '转交',
  'called-back': '回拨',
  dispatched: '派人',
  accepted: '接单',
  declined: '未接单',
  'handed-over': '移交急救',
  arrived: '到达',
  overdue: '超时',
  resolved: '处理完毕',
  'followed-up': '回访',
  closed: '归档',
  noted: '备注',
  'deadline-mended': '补设时限',
}

const en: Readonly<Record<AlarmEventType, string>> = {
  raised: 'Raised',
  suspected: 'Being verified',
  confirmed: 'Taken for real',
  offered: 'Offered',
  repeated: 'Again',
  cleared: 'Cleared by the device',
  cancelled: 'Taken back by the resident',
  acknowledged: 'Acknowledged',
  released: 'Handed back',
  transferred: 'Transferred',
  'called-back': 'Called back',
  dispatched: 'Somebody sent',
  accepted: 'Accepted',
  declined: 'Declined',
  'handed-over': 'Handed to emergency services',
  arrived: 'Arrived',
  overdue: 'Overdue',
  resolved: 'Resolved',
  'followed-up': 'Followed up',
  closed: 'Archived',
  noted: 'Note',
  'deadline-mended': 'Deadline mended',
}

const useSay = words<AlarmEventType>('event', { zh, en })

const isKnown = (type: string): type is AlarmEventType => type in zh

/** What nobody has a word for is shown as it is: a gateway may be newer than this page. */
export const useEventWord = (): ((type: string) => string) => {
  const say = useSay()
  return type => (isKnown(type) ? say(type) : type)
}
