/** The line over the console: is it live, can it be heard, what time is it. It has its place whether or not it has news. */
import { Button } from '../kit/button.tsx'
import { useOffsetMs } from '../live/live-context.tsx'
import { useNow } from '../live/now.ts'
import { SoundControl } from '../sound/sound-control.tsx'
import { clockText, timeText } from '../words/format.ts'
import { words } from '../words/words.ts'
import { ClockSkew, useLinkState } from './link-state.tsx'

const useSay = words('console-status', { zh: { keys: '按键' }, en: { keys: 'Keys' } })

const GatewayClock = () => {
  const now = useNow() + useOffsetMs()
  return <time className="console-clock">{timeText(now)}</time>
}

export const StatusBar = ({ onHelp }: { readonly onHelp: () => void }) => {
  const say = useSay()
  const { tone, text, silentMs } = useLinkState()
  return (
    <div className={`console-status console-status-${tone}`}>
      <span role="status">{text}</span>
      {silentMs !== undefined && <span>{clockText(silentMs)}</span>}
      <ClockSkew />
      <span className="console-status-end">
        <SoundControl />
        <Button look="quiet" shortcut="?" onPress={onHelp}>
          {say('keys')}
        </Button>
        <GatewayClock />
      </span>
    </div>
  )
}
