import { Dialog } from '../kit/dialog.tsx'
import { words } from '../words/words.ts'

const useSay = words('console-help', {
  zh: {
    title: '按键',
    move: '下一条 / 上一条',
    open: '打开档案卡',
    acknowledge: '受理（呼叫和险情逐条受理）',
    dispatch: '派单',
    note: '备注',
    resolve: '处理完毕（须选原因，按键本身不会结束警报）',
    choose: '选择设备警报或测试，以便一并处理',
    clear: '取消选择',
    mute: '静音 2 分钟 / 恢复声音',
    search: '搜索',
    help: '本页',
  },
  en: {
    title: 'Keys',
    move: 'Next, previous',
    open: 'Open the card',
    acknowledge: 'Acknowledge (calls and hazards one by one)',
    dispatch: 'Dispatch',
    note: 'Note',
    resolve: 'Resolve: asks for the cause. No key ends an alarm by itself',
    choose: 'Choose devices and tests, to work on several at once',
    clear: 'Choose none',
    mute: 'Mute for 2 minutes, or unmute',
    search: 'Search',
    help: 'This list',
  },
})

const keys = [
  ['J K ↓ ↑', 'move'],
  ['Enter', 'open'],
  ['A', 'acknowledge'],
  ['D', 'dispatch'],
  ['N', 'note'],
  ['C', 'resolve'],
  ['X, Shift', 'choose'],
  ['Esc', 'clear'],
  ['M', 'mute'],
  ['/', 'search'],
  ['?', 'help'],
] as const

export const HelpDialog = ({
  isOpen,
  onClose,
}: {
  readonly isOpen: boolean
  readonly onClose: () => void
}) => {
  const say = useSay()
  return (
    <Dialog title={say('title')} isOpen={isOpen} onClose={onClose}>
      <dl className="console-keys">
        {keys.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{say(what)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
