/**
 * Takes: open alarms in sight, live, and what the responder does.
 * Gives: the calls of a responder or a point, one of them with all that is needed at the door, and acts that survive a bad
 * network.
 * Never: shows an act as done that the gateway has not taken.
 */
import { useEffect } from 'react'
import { useParams } from 'wouter'
import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import { useLive } from '../live/live-context.tsx'
import { useCaller } from '../shell/session.ts'
import { GoCall } from './go-call.tsx'
import { GoList } from './go-list.tsx'
import './go.css'
import './rows.css'
import { keepCalls, keptCalls } from './kept-calls.ts'
import { standingOf } from './standing.ts'
import { useActs } from './use-acts.ts'

/** Before the first list has come there is only what was kept. */
const useCalls = (): readonly AlarmView[] => {
  const { alarms, isLoaded } = useLive()
  const { username } = useCaller()
  const heard = [...alarms.values()]
  return isLoaded ? heard : keptCalls(username)
}

const GoPage = () => {
  const { alarm: id } = useParams<{ alarm?: string }>()
  const caller = useCaller()
  const { link } = useLive()
  const calls = useCalls()
  const { queue, acts } = useActs()
  const { username } = caller

  useEffect(() => {
    if (link.state !== 'live') return
    const isMine = (alarm: AlarmView) => ['asked', 'going', 'there'].includes(standingOf(alarm, caller, []))
    keepCalls(username, calls.filter(isMine))
  })

  return id === undefined ? (
    <GoList calls={calls} acts={acts} />
  ) : (
    <GoCall
      key={id}
      id={id}
      known={calls.find(call => call.id === id)}
      queue={queue}
      acts={acts.filter(({ alarm }) => alarm === id)}
    />
  )
}

export default GoPage
