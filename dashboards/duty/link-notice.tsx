import { Notice } from '../kit/notice.tsx'
import { useLive } from '../live/live-context.tsx'
import { timeText } from '../words/format.ts'
import { words } from '../words/words.ts'

const useSay = words('link', {
  zh: { lost: '实时连接中断，以下为 {{time}} 的情况，正在重连' },
  en: { lost: 'The live stream is lost. This is how it was at {{time}}. Reconnecting' },
})

/** What is old is never shown as live. */
export const LinkNotice = () => {
  const say = useSay()
  const { link, offsetMs } = useLive()
  if (link.state === 'live' || link.state === 'connecting') return null
  return <Notice tone="bad">{say('lost', { time: timeText(link.since + offsetMs) })}</Notice>
}
