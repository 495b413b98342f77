/** The shift as somebody sees it: colleagues of the same part, and of what is handed over the alarms in sight. */
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { AlarmId, UserId } from '../model/ids.ts'
import type { HandOver, Happening } from '../model/shift.ts'
import type { ApiPorts } from './app.ts'
import { inSight } from './authenticate.ts'
import { colleagueInSight, followersOf } from './colleagues.ts'
import { ByView, momentOf, Shown } from './shapes.ts'

/** Enough to see how the last shifts began and ended. */
const shownHappenings = 20

export const HandOverView = z
  .object({
    id: z.string(),
    from: ByView,
    to: ByView,
    alarms: z.array(z.string()).describe('Open alarms that were held when it was offered'),
    note: z.string().nullable(),
    offeredAt: Shown,
  })
  .meta({ id: 'HandOver' })

const HappeningView = z.object({
  at: Shown,
  by: ByView.nullable().describe('null: the gateway itself'),
  type: z.string(),
  to: ByView.nullable(),
  from: ByView.nullable(),
  alarms: z.int().nullable().describe('How many were offered, or went over'),
  kept: z.int().nullable().describe('How many did not go over'),
})

export const ShiftView = z
  .object({
    onDuty: z.array(
      z.object({
        user: z.string(),
        name: z.string(),
        since: Shown,
        areas: z.array(z.string()).describe('Empty: everywhere'),
        connected: z.boolean().describe('Has a console open'),
      }),
    ),
    pending: z.array(HandOverView),
    canFollow: z
      .array(ByView)
      .describe('Whom you can hand over to: who may have the watch and sees all that you see, by name'),
    last: z.array(HappeningView).describe('Newest first'),
    unattendedSince: Shown.nullable().describe('Nobody on duty, or nobody on duty at a console'),
  })
  .meta({ id: 'Shift' })

type Ports = Pick<ApiPorts, 'watch' | 'consoles' | 'access' | 'registry' | 'places' | 'alarm'>

export const handOverView = (
  handOver: HandOver,
  alarms: readonly AlarmId[],
  { watch }: Pick<Ports, 'watch'>,
): z.infer<typeof HandOverView> => ({
  id: handOver.id,
  from: handOver.from,
  to: handOver.to,
  alarms: [...alarms],
  note: watch.noteOf(handOver) ?? null,
  offeredAt: momentOf(handOver.offeredAt),
})

const happeningView = ({ at, by, event }: Happening): z.infer<typeof HappeningView> => ({
  at: momentOf(at),
  by,
  type: event.type,
  to: 'to' in event ? event.to : null,
  from: 'from' in event ? event.from : null,
  alarms:
    event.type === 'offered'
      ? event.alarms.length
      : event.type === 'accepted'
        ? event.transferred.length
        : null,
  kept: event.type === 'accepted' ? event.kept.length : null,
})

/** Whoever did it, or whom the gateway did it to. */
const isSeenIn = ({ by, event }: Happening, isSeen: (id: UserId) => boolean): boolean => {
  const whose = by ?? ('from' in event ? event.from : undefined)
  return whose === undefined || isSeen(whose.id)
}

const alarmsInSight = async (
  { alarms }: HandOver,
  request: FastifyRequest,
  { alarm, places }: Ports,
): Promise<readonly AlarmId[]> => {
  const isSeen = inSight(request)
  const found = await Promise.all(alarms.map(alarm))
  return found.flatMap(one => (one && isSeen(places.ofAlarm(one)) ? [one.id] : []))
}

export const shiftView = async (
  request: FastifyRequest,
  ports: Ports,
): Promise<z.infer<typeof ShiftView>> => {
  const { watch, consoles, access } = ports
  const { onDuty, pending, unattendedSince } = watch.now()
  const isSeen = colleagueInSight(request, ports)
  const seenPending = pending.filter(({ from, to }) => isSeen(from.id) && isSeen(to.id))
  return {
    onDuty: onDuty
      .filter(({ user }) => isSeen(user.id))
      .map(({ user: { id, name }, since }) => ({
        user: id,
        name,
        since: momentOf(since),
        areas: (access.users.get(id)?.scopes ?? []).flatMap(scope => ('area' in scope ? [scope.area] : [])),
        connected: consoles.isOpen(id),
      })),
    pending: await Promise.all(
      seenPending.map(async one => handOverView(one, await alarmsInSight(one, request, ports), ports)),
    ),
    canFollow: followersOf(request, ports).map(({ username, name }) => ({ id: username, name })),
    last: watch.latest(shownHappenings, happening => isSeenIn(happening, isSeen)).map(happeningView),
    unattendedSince: unattendedSince === undefined ? null : momentOf(unattendedSince),
  }
}
