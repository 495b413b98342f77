/** How one event changes the life of a device. Never judges: what `decide` let happen has happened. Pure. */
import type { DeviceId, Instant } from '../model/ids.ts'
import type { Life, LifeEvent, LifeState } from '../model/provisioning.ts'

type Happened = { readonly device: DeviceId; readonly at: Instant }

const begin = (event: LifeEvent, { device, at }: Happened): Life => {
  // Only a bug or a broken file brings an event of a life that never began.
  if (event.type !== 'registered' && event.type !== 'adopted')
    throw new Error(`event ${event.type} of ${device}, which has no life`)
  const state = event.type === 'adopted' ? event.state : 'registered'
  return { device, state, since: at, ...(state === 'suspended' && { before: 'enabled' }), tests: [] }
}

const withoutCode = ({ claimUntil: _, offered: __, ...life }: Life): Life => life
const withoutOldSecret = ({ oldSecretUntil: _, ...life }: Life): Life => life

const moved = ({ before: _, ...life }: Life, state: LifeState, since: Instant): Life => ({
  ...life,
  state,
  since,
})

export const evolve = (life: Life | undefined, event: LifeEvent, happened: Happened): Life => {
  if (!life) return begin(event, happened)
  const { at } = happened
  switch (event.type) {
    case 'registered':
    case 'adopted':
      return begin(event, happened)
    case 'code-made':
      return { ...life, claimUntil: event.until }
    case 'code-lapsed': {
      const { claimUntil: _, ...lapsed } = life
      return lapsed
    }
    case 'secret-offered':
      return { ...life, offered: true }
    case 'claimed': {
      const used = withoutOldSecret(withoutCode(life))
      return life.state === 'registered' ? moved(used, 'claimed', at) : used
    }
    case 'secret-changed':
      return { ...life, oldSecretUntil: event.oldUntil }
    case 'old-secret-ended':
      return withoutOldSecret(life)
    case 'installed':
      return {
        ...moved(life, 'installed', at),
        tests: [],
        ...(event.replaces !== undefined && { replaces: event.replaces }),
      }
    case 'trigger-tested':
      // Instead of one that came in from where it was before.
      return {
        ...life,
        tests: [...life.tests.filter(({ trigger }) => trigger !== event.test.trigger), event.test],
      }
    case 'tested':
    case 'enabled':
      return moved(life, event.type, at)
    case 'suspended':
      return { ...moved(life, 'suspended', at), before: life.state }
    case 'resumed':
      return moved(life, life.before ?? 'enabled', at)
    case 'reset':
      return { ...moved(withoutOldSecret(withoutCode(life)), 'registered', at), tests: [] }
    case 'retired':
      return {
        ...moved(withoutOldSecret(withoutCode(life)), 'retired', at),
        ...(event.replacedBy !== undefined && { replacedBy: event.replacedBy }),
      }
  }
}
