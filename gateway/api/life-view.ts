/** The life of a device, as it is shown: homes that the caller does not see are left out of it. */
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Refusal } from '../model/errors.ts'
import type { DeviceId } from '../model/ids.ts'
import { lifeStates, type RecordedLifeEvent } from '../model/provisioning.ts'
import type { ApiPorts } from './app.ts'
import { inSight } from './authenticate.ts'
import { ByView, momentOf, momentOrNull, Shown } from './shapes.ts'

const LifeEventView = z.object({
  type: z.string(),
  at: Shown,
  by: ByView,
  home: z.string().optional().describe('Where it was put; absent where you do not see that home'),
  resident: z.string().optional(),
  room: z.string().optional(),
  reason: z.string().optional(),
  trigger: z.string().optional().describe('What has come in end to end'),
  until: Shown.optional(),
  replaces: z.string().optional(),
  replacedBy: z.string().optional(),
})

export const LifeView = z
  .object({
    device: z.string(),
    model: z.string(),
    state: z.enum(lifeStates),
    since: Shown.nullable().describe(
      'null: it came with a registry document, and nothing was done to it since',
    ),
    claimUntil: Shown.nullable().describe('A claim code is out, and not used yet'),
    oldSecretUntil: Shown.nullable().describe(
      'Its old secret is good until then at most, if it was told the new one',
    ),
    tests: z.array(z.object({ trigger: z.string(), at: Shown, alarm: z.string() })),
    untested: z.array(z.string()).describe('Triggers that have not come in since it was put where it is'),
    replaces: z.string().nullable(),
    replacedBy: z.string().nullable(),
    events: z.array(LifeEventView).describe('Oldest first'),
  })
  .meta({ id: 'Life' })

const placedIn = (event: RecordedLifeEvent, isShown: (home: string) => boolean) => {
  if (event.type !== 'installed') return {}
  const { home, resident, room, replaces } = event
  return {
    ...(isShown(home) && { home, ...(resident !== undefined && { resident }) }),
    ...(room !== undefined && { room }),
    ...(replaces !== undefined && { replaces }),
  }
}

const factsOf = (event: RecordedLifeEvent) => {
  switch (event.type) {
    case 'code-made':
      return { until: momentOf(event.until) }
    case 'secret-changed':
      return { until: momentOf(event.oldUntil) }
    case 'trigger-tested':
      return { trigger: event.test.trigger }
    case 'suspended':
      return { reason: event.reason }
    case 'retired':
      return {
        reason: event.reason,
        ...(event.replacedBy !== undefined && { replacedBy: event.replacedBy }),
      }
    default:
      return {}
  }
}

export const lifeView = (
  request: FastifyRequest,
  { provisioning, registry, places }: Pick<ApiPorts, 'provisioning' | 'registry' | 'places'>,
): ((device: DeviceId) => z.infer<typeof LifeView> | Refusal) => {
  const isSeen = inSight(request)
  const isShown = (id: string): boolean => {
    const home = registry.get('homes', id)
    return home !== undefined && isSeen(places.ofRecord('homes', home))
  }
  return device => {
    const record = registry.get('devices', device)
    if (!record) return { refused: 'not-found', detail: `there is no device ${device}` }
    const life = provisioning.of(device)
    return {
      device,
      model: record.model,
      state: life?.state ?? (record.suspended ? 'suspended' : 'enabled'),
      since: momentOrNull(life?.since),
      claimUntil: momentOrNull(life?.claimUntil),
      oldSecretUntil: momentOrNull(life?.oldSecretUntil),
      tests: (life?.tests ?? []).map(({ trigger, at, alarm }) => ({ trigger, at: momentOf(at), alarm })),
      untested: [...provisioning.untested(device)],
      replaces: life?.replaces ?? null,
      replacedBy: life?.replacedBy ?? null,
      events: provisioning.events(device).map(event => ({
        type: event.type,
        at: momentOf(event.at),
        by: { id: event.by.id, name: event.by.name },
        ...placedIn(event, isShown),
        ...factsOf(event),
      })),
    }
  }
}
