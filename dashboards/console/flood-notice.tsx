/** Offers to put the queue into groups when more comes in than one person can read (EEMUA 191). Nothing is hidden by itself. */
import { useState } from 'react'
import { Button } from '../kit/button.tsx'
import type { Live } from '../live/live-alarms.ts'
import { useLive } from '../live/live-context.tsx'
import { useNow } from '../live/now.ts'
import { words } from '../words/words.ts'
import { arrivedSince, floodAlarms, floodMs } from './newness.ts'

const useSay = words('console-flood', {
  zh: { flood: '10 分钟内新增 {{count}} 条警报', group: '按街道分组', no: '暂不' },
  en: { flood: '{{count}} new alarms in 10 minutes', group: 'Group by street', no: 'Not now' },
})

export const FloodNotice = ({
  alarms,
  isGrouped,
  onGroup,
}: {
  readonly alarms: Live['alarms']
  readonly isGrouped: boolean
  readonly onGroup: () => void
}) => {
  const say = useSay()
  const now = useNow() + useLive().offsetMs
  const count = arrivedSince(alarms.values(), new Date(now - floodMs).toISOString())
  const isFlood = count > floodAlarms
  /** Until this flood is over. */
  const [isDeclined, setDeclined] = useState(false)
  if (!isFlood && isDeclined) setDeclined(false)
  if (!isFlood || isGrouped || isDeclined) return null
  return (
    <div className="console-foot row" role="status">
      <span>{say('flood', { count })}</span>
      <Button onPress={onGroup}>{say('group')}</Button>
      <Button look="quiet" onPress={() => setDeclined(true)}>
        {say('no')}
      </Button>
    </div>
  )
}
