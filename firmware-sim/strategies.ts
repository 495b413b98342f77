/** How people at a service point's terminal may behave when an alarm is offered: plans, made once for each offer. */
import type { Action, Offer } from './codec.ts'
import type { Random } from './random.ts'

/** What a person does, and how long after the offer came. */
export type Step = Action & { readonly afterMs: number }

export type Strategy = (offer: Offer, random: Random) => readonly Step[]

/** From seeing the offer to touching the screen. */
const reactionMs = [2_000, 12_000] as const
/** From taking the alarm to having handled it. */
const workMs = [15_000, 45_000] as const

/** Most calls are no emergency, but each has to be looked after to know it. */
const outcomes = [
  { weight: 45, cause: 'real' },
  { weight: 35, cause: 'accidental' },
  { weight: 10, cause: 'nuisance' },
  { weight: 10, cause: 'unclear' },
] as const

const attentive: Strategy = (_offer, random) => {
  const reacted = random.between(...reactionMs)
  const { cause } = random.weighted(outcomes)
  return [
    { action: 'acknowledge', afterMs: reacted },
    { action: 'resolve', cause, afterMs: reacted + random.between(...workMs) },
  ]
}

const releasing: Strategy = (_offer, random) => {
  const reacted = random.between(...reactionMs)
  return [
    { action: 'acknowledge', afterMs: reacted },
    { action: 'release', note: '人手不足', afterMs: reacted + random.between(...reactionMs) },
  ]
}

/** Takes it; somebody else sees to the rest. */
const taking: Strategy = (_offer, random) => [
  { action: 'acknowledge', afterMs: random.between(...reactionMs) },
]

const ignoring: Strategy = () => []

const moods = [
  { weight: 70, strategy: attentive },
  { weight: 10, strategy: releasing },
  { weight: 20, strategy: ignoring },
]

const mixed: Strategy = (offer, random) => random.weighted(moods).strategy(offer, random)

export const strategies = { attentive, releasing, taking, ignoring, mixed } as const satisfies Record<
  string,
  Strategy
>
export type StrategyName = keyof typeof strategies

export const isStrategyName = (name: string): name is StrategyName => Object.hasOwn(strategies, name)
