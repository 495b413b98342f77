/**
 * What an alarm can be about. The class says how it is worked, the priority how loudly it is shown
 * (IEC 60601-1-8: high, medium, low). Calls and hazards are never delayed, shelved or closed by a machine.
 */
export type AlarmClass = 'call' | 'hazard' | 'inferred' | 'technical' | 'service' | 'test'
export type Priority = 'high' | 'medium' | 'low'

type KindFacts = { readonly class: AlarmClass; readonly priority: Priority }

export const alarmKinds = {
  sos: { class: 'call', priority: 'high' },
  smoke: { class: 'hazard', priority: 'high' },
  gas: { class: 'hazard', priority: 'high' },
  'carbon-monoxide': { class: 'hazard', priority: 'high' },
  'water-leak': { class: 'hazard', priority: 'medium' },
  fall: { class: 'inferred', priority: 'high' },
  'device-silent': { class: 'technical', priority: 'medium' },
  'battery-low': { class: 'technical', priority: 'low' },
  tamper: { class: 'technical', priority: 'medium' },
  'mains-lost': { class: 'technical', priority: 'medium' },
  service: { class: 'service', priority: 'low' },
  test: { class: 'test', priority: 'low' },
} as const satisfies Record<string, KindFacts>

export type AlarmKind = keyof typeof alarmKinds

export const isAlarmKind = (text: string): text is AlarmKind => Object.hasOwn(alarmKinds, text)

export const classOf = (kind: AlarmKind): AlarmClass => alarmKinds[kind].class
export const priorityOf = (kind: AlarmKind): Priority => alarmKinds[kind].priority
