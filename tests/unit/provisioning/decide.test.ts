import { describe, expect, test } from 'vitest'
import { AlarmId, DeviceId, HomeId } from '../../../gateway/model/ids.ts'
import type { AlarmKind } from '../../../gateway/model/kinds.ts'
import {
  type Life,
  type LifeCommand,
  type LifeState,
  lifeStates,
} from '../../../gateway/model/provisioning.ts'
import { allowedIn, decide } from '../../../gateway/provisioning/decide.ts'
import { evolve } from '../../../gateway/provisioning/evolve.ts'

const device = DeviceId.parse('btn-1')
const home = HomeId.parse('h-1')
const until = 9_000
const now = 1_000

const testOf = (trigger: AlarmKind) => ({ trigger, at: now, alarm: AlarmId.parse('a-1') })
const commands: Readonly<Record<LifeCommand['type'], LifeCommand>> = {
  register: { type: 'register', until },
  adopt: { type: 'adopt', state: 'enabled' },
  'make-code': { type: 'make-code', until },
  'lapse-code': { type: 'lapse-code' },
  claim: { type: 'claim' },
  'offer-secret': { type: 'offer-secret' },
  'take-secret': { type: 'take-secret' },
  'change-secret': { type: 'change-secret', oldUntil: until },
  'end-old-secret': { type: 'end-old-secret' },
  install: { type: 'install', home },
  trigger: { type: 'trigger', test: testOf('sos') },
  enable: { type: 'enable' },
  suspend: { type: 'suspend', reason: 'stolen' },
  resume: { type: 'resume' },
  reset: { type: 'reset', until },
  retire: { type: 'retire', reason: 'broken' },
}

const triggers: readonly AlarmKind[] = ['sos']

/** With everything open that can be open in this state. */
const lifeIn = (state: LifeState): Life => ({
  device,
  state,
  since: 0,
  claimUntil: until,
  offered: true,
  oldSecretUntil: until,
  tests: state === 'tested' || state === 'enabled' ? [testOf('sos')] : [],
  ...(state === 'suspended' && { before: 'tested' as const }),
})

const after = (life: Life | undefined, command: LifeCommand, kinds = triggers) => {
  const decision = decide(life, command, { now, triggers: kinds })
  if ('refused' in decision) return decision.refused
  const next = decision.events.reduce<Life | undefined>(
    (one, event) => evolve(one, event, { device, at: now }),
    life,
  )
  return next?.state
}

const no = 'wrong-life-state'

/** Every command in every state: where it leads, or why not. */
const table: readonly [LifeCommand['type'], ...string[]][] = [
  // of which:       registered    claimed      installed    tested       enabled      suspended    retired
  ['register', no, no, no, no, no, no, no],
  ['adopt', no, no, no, no, no, no, no],
  ['make-code', 'registered', 'claimed', 'installed', 'tested', 'enabled', no, no],
  ['lapse-code', 'registered', 'claimed', 'installed', 'tested', 'enabled', 'suspended', 'retired'],
  ['claim', 'claimed', 'claimed', 'installed', 'tested', 'enabled', no, no],
  ['offer-secret', 'registered', 'claimed', 'installed', 'tested', 'enabled', no, no],
  ['take-secret', 'claimed', 'claimed', 'installed', 'tested', 'enabled', no, no],
  ['change-secret', no, 'claimed', 'installed', 'tested', 'enabled', no, no],
  ['end-old-secret', 'registered', 'claimed', 'installed', 'tested', 'enabled', 'suspended', 'retired'],
  ['install', no, 'installed', 'installed', 'installed', 'installed', no, no],
  ['trigger', 'registered', 'claimed', 'tested', 'tested', 'enabled', 'suspended', 'retired'],
  ['enable', no, no, 'not-tested', 'enabled', 'enabled', no, no],
  ['suspend', 'suspended', 'suspended', 'suspended', 'suspended', 'suspended', 'suspended', no],
  ['resume', 'registered', 'claimed', 'installed', 'tested', 'enabled', 'tested', no],
  ['reset', 'registered', 'registered', 'registered', 'registered', 'registered', 'registered', no],
  ['retire', 'retired', 'retired', 'retired', 'retired', 'retired', 'retired', 'retired'],
]

describe('the table of lives', () => {
  test('names every command and every state', () => {
    expect(table.map(([type]) => type).toSorted()).toEqual(Object.keys(allowedIn).toSorted())
    expect(table.every(row => row.length === lifeStates.length + 1)).toBe(true)
  })

  const cells = table.flatMap(([type, ...ends]) =>
    lifeStates.map((state, index) => ({ type, state, end: ends[index] })),
  )
  test.each(cells)('$type of a device that is $state: $end', ({ type, state, end }) => {
    expect(after(lifeIn(state), commands[type])).toBe(end)
  })

  test('begins a life by registering or by adopting, and by nothing else', () => {
    for (const [type, command] of Object.entries(commands)) {
      const begins = { register: 'registered', adopt: 'enabled' }[type]
      expect(after(undefined, command), type).toBe(begins ?? no)
    }
    expect(() => evolve(undefined, { type: 'claimed' }, { device, at: now })).toThrow(/has no life/)
  })
})

describe('a claim code', () => {
  const registered = (claimUntil?: number): Life => {
    const { claimUntil: _, offered: __, ...life } = lifeIn('registered')
    return claimUntil === undefined ? life : { ...life, claimUntil }
  }

  test('is good until the moment it is not, and once', () => {
    expect(after(registered(now + 1), commands.claim)).toBe('claimed')
    expect(after(registered(now), commands.claim)).toBe('claim-void')
    expect(after(registered(), commands.claim)).toBe('claim-void')
    expect(after(registered(now), commands['offer-secret'])).toBe('claim-void')
  })

  test('is used up by a device that has its secret, however late it says so', () => {
    expect(after({ ...registered(now), offered: true }, commands['take-secret'])).toBe('claimed')
    expect(after(registered(now), commands['take-secret'])).toBe('registered')
  })

  test('leaves nothing open behind once it is used, the device reset or retired', () => {
    for (const type of ['claim', 'take-secret', 'retire'] as const) {
      const decision = decide(lifeIn('registered'), commands[type], { now, triggers })
      if ('refused' in decision) throw new Error(decision.refused)
      const life = decision.events.reduce(
        (one, event) => evolve(one, event, { device, at: now }),
        lifeIn('registered'),
      )
      expect(life, type).not.toHaveProperty('claimUntil')
      expect(life, type).not.toHaveProperty('offered')
      expect(life, type).not.toHaveProperty('oldSecretUntil')
    }
  })
})

describe('a test', () => {
  test('of each trigger is needed, where the device is now', () => {
    const both: readonly AlarmKind[] = ['sos', 'fall']
    const fitted = { ...lifeIn('installed'), tests: [] }
    expect(after(fitted, commands.trigger, both)).toBe('installed')
    expect(after({ ...fitted, tests: [testOf('fall')] }, commands.trigger, both)).toBe('tested')
    expect(decide(lifeIn('tested'), commands.install, { now, triggers })).toMatchObject({
      events: [{ type: 'installed', home }],
    })
    expect(after(lifeIn('enabled'), commands.enable, both)).toBe('enabled')
    expect(decide(lifeIn('tested'), commands.enable, { now, triggers: both })).toMatchObject({
      refused: 'not-tested',
      facts: { device, untested: ['fall'] },
    })
  })

  test('is kept once for each trigger, so that pressing on fills no disk', () => {
    expect(decide(lifeIn('tested'), commands.trigger, { now, triggers })).toEqual({ events: [] })
  })

  test('is not asked of what raises nothing by itself', () => {
    expect(after(lifeIn('claimed'), commands.install, [])).toBe('tested')
  })
})
