/** What can be done with an alarm from its card; the queue's keys name the same. */
import type { AlarmView } from '../../../gateway/api/alarm-view.ts'
import { isOpen } from '../../../gateway/model/alarm.ts'

/** In the order in which a call is worked. */
const cardActs = [
  'acknowledge',
  'confirm',
  'call-back',
  'dispatch',
  'arrive',
  'hand-over',
  'transfer',
  'release',
  'note',
  'resolve',
  'follow-up',
] as const
export type CardAct = (typeof cardActs)[number]

/** What whoever is asked to go says, written down for them beside their name. */
export type Answer = 'accept' | 'decline'

/** Shown beside the words. None of them ends an alarm by itself: to resolve asks for a cause. */
export const keyOf: Readonly<Partial<Record<CardAct, string>>> = {
  acknowledge: 'A',
  dispatch: 'D',
  note: 'N',
  resolve: 'C',
}

type Facts = Pick<AlarmView, 'state' | 'acknowledgedBy' | 'home'>

const isHeld = ({ state, acknowledgedBy }: Facts): boolean => isOpen(state) && acknowledgedBy !== null
const isToGo = ({ state }: Facts): boolean => state === 'acknowledged' || state === 'dispatched'

const makesSense: Readonly<Record<CardAct, (alarm: Facts) => boolean>> = {
  acknowledge: alarm => isOpen(alarm.state) && !isHeld(alarm),
  confirm: ({ state }) => state === 'suspected',
  'call-back': ({ state, home }) => isOpen(state) && home !== null,
  dispatch: isToGo,
  arrive: isToGo,
  'hand-over': isHeld,
  transfer: isHeld,
  release: isHeld,
  note: () => true,
  resolve: ({ state }) => isOpen(state),
  'follow-up': ({ state }) => state === 'resolved',
}

/** What makes sense in the state in which the alarm is. The gateway decides; this only keeps the card calm. */
export const actsFor = (alarm: Facts): readonly CardAct[] => cardActs.filter(act => makesSense[act](alarm))

/** The one that is expected next. */
export const expectedAct: Readonly<Record<AlarmView['state'], CardAct | undefined>> = {
  suspected: 'call-back',
  offered: 'acknowledge',
  acknowledged: 'dispatch',
  dispatched: 'arrive',
  arrived: 'resolve',
  resolved: 'follow-up',
  closed: undefined,
}
