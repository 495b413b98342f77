/** Whether the queue is live. What is old must never look like now. */
import { useLive } from '../live/live-context.tsx'
import { useNow } from '../live/now.ts'
import { useSite } from '../shell/site.ts'
import { numberText } from '../words/format.ts'
import { words } from '../words/words.ts'

const useSay = words('console-link', {
  zh: {
    connecting: '正在连接',
    live: '实时',
    broken: '连接中断，正在重连',
    stale: '与网关失联，列表可能已过时，正在重连',
    resumed: '已恢复：补收 {{count}} 条变化，无遗漏',
    left: '{{count}} 条警情已不归您查看，已从列表移除',
    slow: '本机时钟慢 {{seconds}} 秒',
    fast: '本机时钟快 {{seconds}} 秒',
    simulated: '演示时间',
  },
  en: {
    connecting: 'Connecting',
    live: 'Live',
    broken: 'Connection broken. Reconnecting',
    stale: 'No word from the gateway. The queue may be out of date. Reconnecting',
    resumed: 'Resumed: {{count}} changes caught up, nothing lost',
    left: '{{count}} out of your sight now, and off the list',
    slow: 'The clock of this machine is {{seconds}} s slow',
    fast: 'The clock of this machine is {{seconds}} s fast',
    simulated: 'Simulated time',
  },
})

/** Of what is told in passing. */
const noticeMs = 10_000
/** More than this is told: times that people write down would be wrong. */
const skewMs = 2_000

export type LinkTone = 'calm' | 'good' | 'warning' | 'bad'

type LinkState = {
  readonly tone: LinkTone
  readonly text: string
  /** For how long nothing was heard. Apart from the text: a screen reader is told once, not each second. */
  readonly silentMs?: number
}

export const useLinkState = (): LinkState => {
  const say = useSay()
  const { link, resumed, left, offsetMs } = useLive()
  const now = useNow()
  if (link.state === 'stale')
    return { tone: 'bad', text: say('stale'), silentMs: Math.max(0, now - link.since) }
  if (link.state === 'broken') return { tone: 'warning', text: say('broken') }
  if (link.state === 'connecting') return { tone: 'warning', text: say('connecting') }
  if (resumed && now + offsetMs - resumed.at < noticeMs) {
    return { tone: 'good', text: say('resumed', { count: resumed.changed }) }
  }
  if (left && now + offsetMs - left.at < noticeMs) {
    return { tone: 'warning', text: say('left', { count: left.count }) }
  }
  return { tone: 'calm', text: say('live') }
}

export const ClockSkew = () => {
  const say = useSay()
  const { offsetMs } = useLive()
  const isSimulated = useSite()?.isSimulated
  if (isSimulated) return <span className="quiet">{say('simulated')}</span>
  if (Math.abs(offsetMs) <= skewMs) return null
  const seconds = numberText(Math.abs(offsetMs) / 1_000, 1)
  return (
    <strong className="console-skew" role="status">
      {say(offsetMs > 0 ? 'slow' : 'fast', { seconds })}
    </strong>
  )
}
