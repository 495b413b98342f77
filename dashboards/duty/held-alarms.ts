import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import { useCaller } from '../shell/session.ts'
import { useAreas } from './areas.ts'
import { useOpenAlarms } from './open-alarms.ts'

/** Open alarms that the caller holds. */
export const useHeldAlarms = (): readonly AlarmView[] => {
  const { username } = useCaller()
  return useOpenAlarms(useAreas(), undefined).filter(
    ({ acknowledgedBy }) => acknowledgedBy?.kind === 'user' && acknowledgedBy.id === username,
  )
}
