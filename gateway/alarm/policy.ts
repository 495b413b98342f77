/**
 * How fast an alarm must be answered and how wide it is asked, as data. Every figure is a setting or names its source;
 * nothing in `decide` knows a number.
 */
import type { Deadline, PresetName } from '../model/alarm.ts'
import type { AlarmClass } from '../model/kinds.ts'

/** One step of asking: whom, and how long after the first step. Step n is level n, counted from 1. */
export type Step = { readonly afterMs: number; readonly ask: 'nearest' | 'next' | 'county' | 'city' }

export type Policy = {
  readonly steps: readonly Step[]
  /** After the last step everybody asked is asked again this often, for ever. */
  readonly askAgainMs: number
  readonly verificationMs: number
  /** An acknowledged alarm that nobody moves on is offered anew. */
  readonly leaseMs: number
  /** A responder who was asked to go and says nothing for so long has said no. */
  readonly acceptMs: number
  /** From dispatch to arrival, from arrival to the end: then the county is told. */
  readonly arrivalMs: number
  readonly finishMs: number
  readonly overdueAgainMs: number
  readonly followUpAgainMs: number
  /** `null`: resolving closes, nobody needs to be asked how it went. */
  readonly followUpMs: number | null
  readonly followUpTries: number
  /** A test ends by itself. */
  readonly testMs: number
}

/** The timers that the settings may change; see `gateway/settings.ts` for their defaults and grounds. */
export type Timers = {
  readonly verificationMs: number
  readonly leaseMs: number
  readonly acceptMs: number
  readonly followUpMs: number
}

const seconds = 1_000
const minutes = 60 * seconds
const hours = 60 * minutes

const emergencySteps = (nextMs: number, countyMs: number, cityMs: number): readonly Step[] => [
  { afterMs: 0, ask: 'nearest' },
  { afterMs: nextMs, ask: 'next' },
  { afterMs: countyMs, ask: 'county' },
  { afterMs: cityMs, ask: 'city' },
]

type Preset = { readonly steps: readonly Step[]; readonly arrivalMs: number }

const presets: Readonly<Record<PresetName, Preset>> = {
  // GB/T 33358-2016: 95 % answered in 15 s, as a floor; 15-minute circle of the city plans
  urban: { steps: emergencySteps(30 * seconds, 60 * seconds, 120 * seconds), arrivalMs: 15 * minutes },
  // answered as in town; Ganzhou home beds and Quanzhou: 30 min on the way
  rural: { steps: emergencySteps(30 * seconds, 60 * seconds, 120 * seconds), arrivalMs: 30 * minutes },
  // UK telecare quality standard: 97.5 % in 60 s, 99 % in 180 s, 90 % there in 45 min
  'tec-quality': {
    steps: emergencySteps(60 * seconds, 120 * seconds, 180 * seconds),
    arrivalMs: 45 * minutes,
  },
  // NENA-STA-020: 90 % in 15 s, 95 % in 20 s; it says nothing of arrival, so the urban figure stands
  nena: { steps: emergencySteps(15 * seconds, 20 * seconds, 60 * seconds), arrivalMs: 15 * minutes },
}

const servicePlan: readonly Step[] = [
  { afterMs: 0, ask: 'nearest' },
  { afterMs: 10 * minutes, ask: 'next' },
  { afterMs: 30 * minutes, ask: 'county' },
]
const countyOnly: readonly Step[] = [{ afterMs: 0, ask: 'county' }]

type Plan = { readonly steps: readonly Step[]; readonly askAgainMs: number; readonly followedUp: boolean }

const planOf = (alarmClass: AlarmClass, preset: PresetName): Plan => {
  switch (alarmClass) {
    case 'call':
    case 'hazard':
    case 'inferred':
      return { steps: presets[preset].steps, askAgainMs: 60 * seconds, followedUp: true }
    case 'service':
      return { steps: servicePlan, askAgainMs: 60 * minutes, followedUp: false }
    // JGJ/T 484: repair, replace or cover within two hours
    case 'technical':
      return { steps: countyOnly, askAgainMs: 2 * hours, followedUp: false }
    // the test queue of the county's consoles; rings nobody
    case 'test':
      return { steps: countyOnly, askAgainMs: 15 * minutes, followedUp: false }
  }
}

/** From dispatch to arrival. No timer of the settings has to do with it. */
export const arrivalMsOf = (preset: PresetName): number => presets[preset].arrivalMs

export const policyFor = (alarmClass: AlarmClass, preset: PresetName, timers: Timers): Policy => {
  const plan = planOf(alarmClass, preset)
  return {
    steps: plan.steps,
    askAgainMs: plan.askAgainMs,
    verificationMs: timers.verificationMs,
    leaseMs: timers.leaseMs,
    acceptMs: timers.acceptMs,
    arrivalMs: arrivalMsOf(preset),
    finishMs: 60 * minutes,
    overdueAgainMs: 5 * minutes,
    followUpAgainMs: 24 * hours,
    followUpMs: plan.followedUp ? timers.followUpMs : null,
    followUpTries: 3,
    testMs: 15 * minutes,
  }
}

/** The longest that an alarm under this policy can wait for a deadline of this kind. */
export const longestWaitMs = (policy: Policy, kind: Deadline['kind']): number => {
  switch (kind) {
    case 'verification':
      return policy.verificationMs
    case 'escalation':
      return Math.max(policy.askAgainMs, ...policy.steps.map(step => step.afterMs))
    case 'lease':
      return policy.leaseMs
    case 'acceptance':
      return policy.acceptMs
    case 'arrival':
      return Math.max(policy.arrivalMs, policy.overdueAgainMs)
    case 'finish':
      return Math.max(policy.finishMs, policy.overdueAgainMs)
    case 'follow-up':
      return Math.max(policy.followUpMs ?? 0, policy.followUpAgainMs)
    case 'test-end':
      return policy.testMs
  }
}
