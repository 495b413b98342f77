/** Whether this workstation can be heard: switched on with a self-test, muted for a while, and always shown. */
import { Volume2, VolumeOff, VolumeX } from 'lucide-react'
import { useState } from 'react'
import { Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'
import { Button } from '../kit/button.tsx'
import { useNow } from '../live/now.ts'
import { clockText } from '../words/format.ts'
import { words } from '../words/words.ts'
import { SelfTest } from './self-test.tsx'
import { muteMinutes } from './sound.ts'
import './sound.css'
import { useSound } from './use-sound.tsx'

const useSay = words('sound', {
  zh: {
    off: '声音未开启',
    switchOn: '开启声音',
    unheard: '声音未确认',
    check: '声音自检',
    on: '声音已开',
    mute: '静音',
    muteFor: '静音 {{minutes}} 分钟',
    muted: '已静音 {{left}}',
    unmute: '恢复声音',
  },
  en: {
    off: 'Sound is off',
    switchOn: 'Switch sound on',
    unheard: 'Sound not confirmed',
    check: 'Test the sound',
    on: 'Sound on',
    mute: 'Mute',
    muteFor: 'Mute for {{minutes}} min',
    muted: 'Muted {{left}}',
    unmute: 'Unmute',
  },
})

const TimeLeft = ({ until }: { readonly until: number }) => {
  const say = useSay()
  // `until` goes by time that nobody can set; this is only what makes it run.
  useNow()
  return say('muted', { left: clockText(until - performance.now()) })
}

const MuteMenu = () => {
  const say = useSay()
  const { mute } = useSound()
  return (
    <MenuTrigger>
      <Button look="quiet" shortcut="M">
        {say('mute')}
      </Button>
      <Popover className="choice-list">
        <Menu className="sound-menu">
          {muteMinutes.map(minutes => (
            <MenuItem key={minutes} className="sound-menu-item" onAction={() => mute(minutes)}>
              {say('muteFor', { minutes })}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}

export const SoundControl = () => {
  const say = useSay()
  const { state, switchOn, unmute } = useSound()
  const [isTesting, setTesting] = useState(false)
  const { isOn, isHeard, mutedUntil } = state
  const arm = () => {
    void switchOn()
    // Browsers ask for this, too, only after a press. Whatever the answer is, the console works without it.
    if ('Notification' in window && Notification.permission === 'default')
      void Notification.requestPermission()
    setTesting(true)
  }
  return (
    <div className="sound-control">
      <SelfTest isOpen={isTesting} onClose={() => setTesting(false)} />
      {!isOn && (
        <>
          <span className="sound-state sound-warning" role="status">
            <VolumeX size={18} aria-hidden="true" /> {say('off')}
          </span>
          <Button look="main" onPress={arm}>
            {say('switchOn')}
          </Button>
        </>
      )}
      {isOn && mutedUntil !== undefined && (
        <>
          <span className="sound-state sound-warning">
            <VolumeOff size={18} aria-hidden="true" /> <TimeLeft until={mutedUntil} />
          </span>
          <Button onPress={unmute} shortcut="M">
            {say('unmute')}
          </Button>
        </>
      )}
      {isOn && mutedUntil === undefined && (
        <>
          <Button look="quiet" onPress={arm}>
            <span className={isHeard === true ? 'sound-state' : 'sound-state sound-warning'}>
              <Volume2 size={18} aria-hidden="true" /> {say(isHeard === true ? 'on' : 'unheard')}
              <span className="unseen">{say('check')}</span>
            </span>
          </Button>
          <MuteMenu />
        </>
      )}
    </div>
  )
}
