/**
 * What an alarm can be about. The class says how it is worked, the priority how loudly it is shown
 * (IEC 60601-1-8: high, medium, low). Calls and hazards are never delayed, shelved or closed by a machine.
 */
export const alarmClasses = ['call', 'hazard', 'inferred', 'technical', 'service', 'test'] as const
export type AlarmClass = (typeof alarmClasses)[number]
export const priorities = ['high', 'medium', 'low'] as const
export type Priority = (typeof priorities)[number]

/** `priority` is where an alarm of this kind begins; what is found later may raise it, never lower it. */
type KindFacts = { readonly class: AlarmClass; readonly priority: Priority }

export const alarmKinds = {
  sos: { class: 'call', priority: 'high' },
  smoke: { class: 'hazard', priority: 'high' },
  gas: { class: 'hazard', priority: 'high' },
  'carbon-monoxide': { class: 'hazard', priority: 'high' },
  'water-leak': { class: 'hazard', priority: 'medium' },
  fall: { class: 'inferred', priority: 'high' },
  'heart-rate-low': { class: 'inferred', priority: 'medium' },
  'heart-rate-high': { class: 'inferred', priority: 'medium' },
  'respiration-low': { class: 'inferred', priority: 'high' },
  'respiration-high': { class: 'inferred', priority: 'medium' },
  apnoea: { class: 'inferred', priority: 'medium' },
  'no-return-to-bed': { class: 'inferred', priority: 'medium' },
  'not-up': { class: 'inferred', priority: 'medium' },
  'bathroom-stay': { class: 'inferred', priority: 'medium' },
  inactivity: { class: 'inferred', priority: 'medium' },
  'door-at-night': { class: 'inferred', priority: 'high' },
  'device-silent': { class: 'technical', priority: 'medium' },
  'line-lost': { class: 'technical', priority: 'medium' },
  'nobody-on-duty': { class: 'technical', priority: 'high' },
  'battery-low': { class: 'technical', priority: 'low' },
  tamper: { class: 'technical', priority: 'medium' },
  'mains-lost': { class: 'technical', priority: 'medium' },
  'sensor-faulty': { class: 'technical', priority: 'medium' },
  service: { class: 'service', priority: 'low' },
  test: { class: 'test', priority: 'low' },
} as const satisfies Record<string, KindFacts>

export type AlarmKind = keyof typeof alarmKinds

export const isAlarmKind = (text: string): text is AlarmKind => Object.hasOwn(alarmKinds, text)

export const classOf = (kind: AlarmKind): AlarmClass => alarmKinds[kind].class
export const priorityOf = (kind: AlarmKind): Priority => alarmKinds[kind].priority

/** The louder of two. */
export const louder = (a: Priority, b: Priority): Priority =>
  priorities.indexOf(a) <= priorities.indexOf(b) ? a : b
