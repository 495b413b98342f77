/**
 * Takes the life of a device as it is, what is asked of it, what it can raise, and when.
 * Gives the events that follow, or a coded refusal. No events: it is so already.
 * Never reads a clock, never does anything; pure.
 */
import type { Refusal } from '../model/errors.ts'
import type { HomeId, Instant } from '../model/ids.ts'
import type { AlarmKind } from '../model/kinds.ts'
import type { Life, LifeCommand, LifeEvent, LifeState } from '../model/provisioning.ts'

export type Asked = {
  readonly now: Instant
  /** What its model raises by itself. */
  readonly triggers: readonly AlarmKind[]
  /** Where it is now, whoever has put it there. */
  readonly home?: HomeId | undefined
}

export type Decision = { readonly events: readonly LifeEvent[] } | Refusal

type Type = LifeCommand['type']

const fitted = ['installed', 'tested', 'enabled'] as const
const claimed = ['claimed', ...fitted] as const
const working = ['registered', ...claimed] as const
const everyButRetired = [...working, 'suspended'] as const
const every = [...everyButRetired, 'retired'] as const

/** In which states what may be asked. Nothing brings a retired device back; a suspended one has to be resumed or reset. */
export const allowedIn: Readonly<Record<Type, readonly LifeState[]>> = {
  register: [],
  adopt: [],
  'make-code': working,
  'lapse-code': every,
  claim: working,
  'offer-secret': working,
  'take-secret': working,
  'change-secret': claimed,
  'end-old-secret': every,
  install: claimed,
  trigger: every,
  enable: fitted,
  suspend: everyButRetired,
  resume: everyButRetired,
  reset: everyButRetired,
  retire: every,
}

const happened = (...events: readonly LifeEvent[]): Decision => ({ events })

const refuse = (life: Life | undefined, type: Type): Decision => ({
  refused: 'wrong-life-state',
  detail: life
    ? `the device is ${life.state}; this needs ${allowedIn[type].join(', ') || 'one without a life'}`
    : 'the device has no life yet',
  facts: { state: life?.state ?? null },
})

/** A device that was moved by an edit of the registry, or by an import, was tested somewhere else. */
export const testsFrom = ({ tests }: Life, home: HomeId | undefined): Life['tests'] =>
  tests.filter(test => test.home === home)

export const untestedOf = (
  life: Life | undefined,
  { triggers, home }: Pick<Asked, 'triggers' | 'home'>,
): readonly AlarmKind[] => {
  const tests = life ? testsFrom(life, home) : []
  return triggers.filter(trigger => !tests.some(test => test.trigger === trigger))
}

const begin = (command: LifeCommand): Decision => {
  switch (command.type) {
    case 'register':
      return happened({ type: 'registered' }, { type: 'code-made', until: command.until })
    case 'adopt':
      return happened({ type: 'adopted', state: command.state })
    default:
      return refuse(undefined, command.type)
  }
}

const withOpenCode = ({ claimUntil }: Life, { now }: Asked, decision: Decision): Decision =>
  claimUntil !== undefined && now < claimUntil
    ? decision
    : { refused: 'claim-void', detail: 'there is no claim code that is good' }

/** What is not fitted has nobody to ring for: its presses prove nothing. The first of each trigger is enough. */
const trigger = (life: Life, { test }: Extract<LifeCommand, { type: 'trigger' }>, asked: Asked): Decision => {
  const isFitted = fitted.some(state => state === life.state)
  if (!isFitted || testsFrom(life, test.home).some(one => one.trigger === test.trigger)) return happened()
  const open = untestedOf(life, asked).filter(one => one !== test.trigger)
  const isLast = life.state === 'installed' && open.length === 0
  return happened({ type: 'trigger-tested', test }, ...(isLast ? [{ type: 'tested' } as const] : []))
}

const enable = (life: Life, asked: Asked): Decision => {
  if (life.state === 'enabled') return happened()
  const open = untestedOf(life, asked)
  return open.length === 0
    ? happened({ type: 'enabled' })
    : {
        refused: 'not-tested',
        detail: `not yet received: ${open.join(', ')}`,
        facts: { device: life.device, untested: open },
      }
}

const change = (life: Life, command: LifeCommand, asked: Asked): Decision => {
  switch (command.type) {
    case 'make-code':
      return happened({ type: 'code-made', until: command.until })
    case 'lapse-code':
      return life.claimUntil === undefined ? happened() : happened({ type: 'code-lapsed' })
    case 'claim':
      return withOpenCode(life, asked, happened({ type: 'claimed' }))
    case 'offer-secret':
      return withOpenCode(life, asked, life.offered ? happened() : happened({ type: 'secret-offered' }))
    // However late: what it has, it has, and the code may not be used again.
    case 'take-secret':
      return life.offered ? happened({ type: 'claimed' }) : happened()
    case 'change-secret':
      return happened({ type: 'secret-changed', oldUntil: command.oldUntil })
    case 'end-old-secret':
      return life.oldSecretUntil === undefined ? happened() : happened({ type: 'old-secret-ended' })
    case 'install': {
      const installed = { ...command, type: 'installed' } as const
      return asked.triggers.length === 0 ? happened(installed, { type: 'tested' }) : happened(installed)
    }
    case 'trigger':
      return trigger(life, command, asked)
    case 'enable':
      return enable(life, asked)
    case 'suspend':
      return life.state === 'suspended' ? happened() : happened({ type: 'suspended', reason: command.reason })
    case 'resume':
      return life.state === 'suspended' ? happened({ type: 'resumed' }) : happened()
    case 'reset':
      return happened({ type: 'reset' }, { type: 'code-made', until: command.until })
    case 'retire':
      return life.state === 'retired' ? happened() : happened({ ...command, type: 'retired' })
    case 'register':
    case 'adopt':
      return refuse(life, command.type)
  }
}

export const decide = (life: Life | undefined, command: LifeCommand, asked: Asked): Decision => {
  if (!life) return begin(command)
  return allowedIn[command.type].includes(life.state)
    ? change(life, command, asked)
    : refuse(life, command.type)
}
