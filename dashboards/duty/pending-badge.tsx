import { Link } from 'wouter'
import { Tag } from '../kit/tag.tsx'
import { useCaller } from '../shell/session.ts'
import { words } from '../words/words.ts'
import { useShift } from './use-shift.ts'

const useSay = words('pending-badge', {
  zh: { waiting: '{{name}} 向您交班' },
  en: { waiting: '{{name}} hands over to you' },
})

/** Beside the menu, on every page: somebody waits for the caller to take a shift over. */
export const PendingBadge = () => {
  const say = useSay()
  const { username } = useCaller()
  const { data } = useShift()
  const offered = data?.pending.find(({ to }) => to.id === username)
  return (
    offered && (
      <Link href="/shift">
        <Tag tone="warning">{say('waiting', { name: offered.from.name })}</Tag>
      </Link>
    )
  )
}
