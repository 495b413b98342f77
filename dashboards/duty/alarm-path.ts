import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import { useMay } from '../shell/session.ts'

/** Where an alarm is worked; for whoever does not, where it can be read. */
export const useAlarmPath = (): ((alarm: Pick<AlarmView, 'id'>) => string) => {
  const works = useMay()('shift:work')
  return ({ id }) =>
    works ? `/console?alarm=${encodeURIComponent(id)}` : `/archive/${encodeURIComponent(id)}`
}
