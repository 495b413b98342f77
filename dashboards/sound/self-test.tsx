/** Plays the three patterns and asks whether somebody has heard them: a page cannot know that by itself. */
import { useEffect, useState } from 'react'
import type { Priority } from '../../gateway/model/kinds.ts'
import { Button } from '../kit/button.tsx'
import { Dialog } from '../kit/dialog.tsx'
import { Notice } from '../kit/notice.tsx'
import { words } from '../words/words.ts'
import { burstMs, bursts } from './patterns.ts'
import { useSound } from './use-sound.tsx'

const useSay = words('sound-test', {
  zh: {
    title: '声音自检',
    what: '依次播放三种警报音，请确认都能听到。',
    high: '高：呼叫、险情，两组急促音，直到有人受理',
    medium: '中：三声',
    low: '低：两声，仅响一次',
    again: '再放一遍',
    heard: '都听到了',
    notHeard: '没听到',
    advice: '请检查音箱电源、音量和系统输出设备，然后再放一遍。确认听到之前，本坐席视为无声。',
    blocked: '浏览器不允许播放声音。请检查本站点的声音权限。',
  },
  en: {
    title: 'Test of the sound',
    what: 'The three sounds of alarms, one after the other. Make sure that you hear them all.',
    high: 'High: calls and hazards. Two fast groups, until somebody takes it',
    medium: 'Medium: three tones',
    low: 'Low: two tones, once',
    again: 'Play again',
    heard: 'I heard all three',
    notHeard: 'I heard nothing',
    advice:
      'Check that the loudspeaker is on, its volume, and the output of this machine; then play again. Until then this seat counts as silent.',
    blocked: 'The browser does not let this page be heard. Check its permission for sound.',
  },
})

const order = ['high', 'medium', 'low'] as const satisfies readonly Priority[]
const gapMs = 700

/** Which of the three is playing. @param round plays them anew whenever it grows; 0: not */
const usePlaying = (round: number): Priority | undefined => {
  const { tryOut } = useSound()
  const [playing, setPlaying] = useState<Priority>()
  useEffect(() => {
    if (round === 0) return undefined
    const timers: ReturnType<typeof setTimeout>[] = []
    let at = 0
    for (const priority of order) {
      const play = () => {
        setPlaying(priority)
        tryOut(priority)
      }
      timers.push(setTimeout(play, at))
      at += burstMs(bursts[priority]) + gapMs
    }
    timers.push(setTimeout(() => setPlaying(undefined), at))
    return () => timers.forEach(clearTimeout)
  }, [round, tryOut])
  return playing
}

const Asking = ({ onClose }: { readonly onClose: () => void }) => {
  const say = useSay()
  const { state, answer } = useSound()
  const [round, setRound] = useState(0)
  const playing = usePlaying(round)
  // The browser answers a moment after the press.
  useEffect(() => {
    if (state.isOn) setRound(1)
  }, [state.isOn])
  return (
    <>
      <p>{say('what')}</p>
      {!state.isOn && <Notice tone="warning">{say('blocked')}</Notice>}
      <ul className="sound-list">
        {order.map(priority => (
          <li key={priority} className={priority === playing ? 'sound-playing' : undefined}>
            {say(priority)}
          </li>
        ))}
      </ul>
      {state.isHeard === false && <Notice tone="bad">{say('advice')}</Notice>}
      <div className="row row-end">
        <Button onPress={() => setRound(before => before + 1)}>{say('again')}</Button>
        <Button onPress={() => answer(false)}>{say('notHeard')}</Button>
        <Button
          look="main"
          autoFocus
          onPress={() => {
            answer(true)
            onClose()
          }}
        >
          {say('heard')}
        </Button>
      </div>
    </>
  )
}

export const SelfTest = ({ isOpen, onClose }: { readonly isOpen: boolean; readonly onClose: () => void }) => (
  <Dialog title={useSay()('title')} isOpen={isOpen} onClose={onClose}>
    <Asking onClose={onClose} />
  </Dialog>
)
