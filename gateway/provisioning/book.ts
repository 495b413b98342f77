/** All lives, in memory over the disk: what is asked of one is decided, written, and only then so. */
import type { Clock } from '../model/clock.ts'
import { deviceModelOf } from '../model/device-models.ts'
import type { Refusal } from '../model/errors.ts'
import type { DeviceId } from '../model/ids.ts'
import type { By, Life, LifeCommand } from '../model/provisioning.ts'
import type { RecordOf } from '../model/records.ts'
import type { Registry } from '../model/registry.ts'
import { decide } from './decide.ts'
import { evolve } from './evolve.ts'
import type { Change, Kept, Store } from './store.ts'

/** Those who prove by a secret who they are. A sensor on a line has nothing to prove. */
const needLogin: ReadonlySet<LifeCommand['type']> = new Set(['make-code', 'claim', 'change-secret', 'reset'])

const onLine: Refusal = {
  refused: 'wrong-life-state',
  detail: 'a device that comes in over a line or a bridge has no secret: install it elsewhere, or retire it',
}

export type Book = ReturnType<typeof createBook>

export const createBook = (
  store: Store,
  { registry, clock }: { readonly registry: Registry; readonly clock: Clock },
) => {
  const lives = new Map<DeviceId, Kept>()
  /** Those that may not come in: looked at whenever the registry changes. */
  const out = new Map<DeviceId, Life>()
  const keep = (kept: Kept): void => {
    const { device, state } = kept.life
    lives.set(device, kept)
    if (state === 'suspended' || state === 'retired') out.set(device, kept.life)
    else out.delete(device)
  }
  for (const kept of store.lives()) keep(kept)

  /** What the registry had before it had a life begins one as what it is. */
  const adopted = ({ suspended }: RecordOf['devices']): LifeCommand => ({
    type: 'adopt',
    state: suspended ? 'suspended' : 'enabled',
  })

  /** @param code the seal of a code that is made by this. */
  const plan = (device: DeviceId, command: LifeCommand, code?: Uint8Array): Change | Refusal => {
    const record = registry.get('devices', device)
    if (!record) return { refused: 'not-found', detail: `there is no device ${device}` }
    if (needLogin.has(command.type) && !('mqtt' in record.transport)) return onLine
    const kept = lives.get(device)
    const begins = command.type === 'register' || command.type === 'adopt'
    const commands = kept || begins ? [command] : [adopted(record), command]
    const { triggers } = deviceModelOf(record.model)
    const asked = { now: clock.now(), triggers, home: record.home }
    let life = kept?.life
    const events: Change['events'][number][] = []
    for (const one of commands) {
      const decision = decide(life, one, asked)
      if ('refused' in decision) return decision
      for (const event of decision.events) life = evolve(life, event, { device, at: asked.now })
      events.push(...decision.events)
    }
    // Every decision on a device without a life begins one, or is refused.
    if (!life) throw new Error(`${command.type} left ${device} without a life`)
    return { life, events, code: code ?? kept?.code }
  }

  const write = (changes: readonly Change[], by: By): Refusal | undefined => {
    const made = changes.filter(({ events }) => events.length > 0)
    try {
      if (made.length > 0) store.write(made, by, clock.now())
    } catch (error) {
      return { refused: 'journal-unavailable', detail: `the life was not written: ${String(error)}` }
    }
    for (const { life, code } of made) keep({ life, code })
    return undefined
  }

  /** Decides by how it is now, whatever was planned before. */
  const act = (device: DeviceId, command: LifeCommand, by: By): Life | Refusal => {
    const change = plan(device, command)
    if ('refused' in change) return change
    return write([change], by) ?? change.life
  }

  return {
    get: (device: DeviceId): Kept | undefined => lives.get(device),
    all: () => lives.values(),
    out: () => out.values(),
    events: store.events,
    plan,
    write,
    act,
  }
}
