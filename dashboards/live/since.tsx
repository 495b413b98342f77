import { clockText } from '../words/format.ts'
import { useOffsetMs } from './live-context.tsx'
import { useNow } from './now.ts'

/** How long ago by the gateway's clock, running. Before the present: how long until then. */
export const Since = ({
  at,
  isCountdown = false,
}: {
  readonly at: string
  readonly isCountdown?: boolean
}) => {
  const now = useNow() + useOffsetMs()
  const ms = isCountdown ? Date.parse(at) - now : now - Date.parse(at)
  return (
    <time dateTime={at} title={at}>
      {clockText(ms)}
    </time>
  )
}
