/** Which alarm each rule raises; none: what it finds is on the technician's list only. */
import type { RuleName } from '../model/detection.ts'
import type { AlarmKind } from '../model/kinds.ts'

export const ruleKinds: Readonly<Record<RuleName, AlarmKind | undefined>> = {
  'heart-rate-low': 'heart-rate-low',
  'heart-rate-high': 'heart-rate-high',
  'respiration-low': 'respiration-low',
  'respiration-high': 'respiration-high',
  apnoea: 'apnoea',
  'bed-exit': 'no-return-to-bed',
  'not-up': 'not-up',
  'fall-still': 'fall',
  'device-silent': 'device-silent',
  'battery-low': 'battery-low',
  tamper: 'tamper',
  'mains-lost': 'mains-lost',
  chatter: 'sensor-faulty',
  'weekly-test': undefined,
  'bathroom-stay': 'bathroom-stay',
  inactivity: 'inactivity',
  'door-at-night': 'door-at-night',
}
