import { useQueryClient } from '@tanstack/react-query'
import { Confirm } from '../kit/confirm.tsx'
import { Notice } from '../kit/notice.tsx'
import { post } from '../shell/api.ts'
import { words } from '../words/words.ts'
import { useHeldAlarms } from './held-alarms.ts'
import { type Shift, shiftKey } from './use-shift.ts'

const useSay = words('leave', {
  zh: {
    title: '下班',
    last: '您是最后一位值班人员。您离开后将无人值守，系统会立即报警。请先交班给同事。',
    others: '下班后仍有 {{count}} 人值班。',
    held: '您仍持有 {{count}} 条未结警情，受理到期后会重新派发。交班可将其移交给同事。',
    leave: '确认下班',
    leaveEmpty: '仍要离开，无人值守',
  },
  en: {
    title: 'Leave',
    last: 'You are the last one on duty. When you leave, nobody answers, and that rings at once. Hand over to a colleague first.',
    others: 'Still on duty: {{count}}.',
    held: 'Open alarms that you still hold: {{count}}. They are asked anew when their time is up. A hand-over gives them to a colleague.',
    leave: 'Leave',
    leaveEmpty: 'Leave all the same, with nobody on duty',
  },
})

/** Whether somebody stays is the gateway's to know: who is out of sight counts too, and it refuses what is not true. */
export const LeaveDialog = ({
  shift: { onDuty },
  onClose,
}: {
  readonly shift: Shift
  readonly onClose: () => void
}) => {
  const say = useSay()
  const client = useQueryClient()
  const held = useHeldAlarms()
  const isLast = onDuty.length === 1
  const leave = async () => {
    client.setQueryData(shiftKey, await post<Shift>('/api/shift/leave', { leaveEmpty: isLast }))
  }
  return (
    <Confirm title={say('title')} label={say(isLast ? 'leaveEmpty' : 'leave')} act={leave} onClose={onClose}>
      {isLast ? (
        <Notice tone="bad">{say('last')}</Notice>
      ) : (
        <p>{say('others', { count: onDuty.length - 1 })}</p>
      )}
      {held.length > 0 && <Notice tone="warning">{say('held', { count: held.length })}</Notice>}
    </Confirm>
  )
}
