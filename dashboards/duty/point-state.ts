import type { z } from 'zod'
import type { PointView } from '../../gateway/api/town-view.ts'
import { words } from '../words/words.ts'

export type Point = z.infer<typeof PointView>

export type PointState = 'overloaded' | 'suspended' | 'closed' | 'disconnected' | 'ready'

/** What a dispatcher must know of it first. Overloaded: more open alarms than people. */
export const stateOf = ({
  openAlarms,
  responders,
  suspended,
  open,
  connected,
}: Pick<Point, 'openAlarms' | 'responders' | 'suspended' | 'open' | 'connected'>): PointState => {
  if (openAlarms > responders) return 'overloaded'
  if (suspended) return 'suspended'
  if (!open) return 'closed'
  return connected ? 'ready' : 'disconnected'
}

export const usePointWords = words<PointState>('point', {
  zh: { overloaded: '超载', suspended: '停派', closed: '已关', disconnected: '失联', ready: '正常' },
  en: {
    overloaded: 'Overloaded',
    suspended: 'Suspended',
    closed: 'Closed',
    disconnected: 'Offline',
    ready: 'Ready',
  },
})
