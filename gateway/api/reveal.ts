/**
 * A look at what is masked, with a reason. It is on record before it is answered: what cannot be recorded is not shown,
 * but for an open alarm, where saving a life comes first (PIPL art. 13 (4)).
 */
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { type Alarm, isOpen } from '../model/alarm.ts'
import type { Refusal } from '../model/errors.ts'
import { AlarmId, type HomeId } from '../model/ids.ts'
import { HomeRecord, type RecordOf, ResidentRecord, ResponderRecord } from '../model/records.ts'
import type { Registry } from '../model/registry.ts'
import type { ApiApp, ApiPorts } from './app.ts'
import { candidatesFor } from './nearest.ts'
import { problems, writing } from './problem.ts'
import { IdParams } from './shapes.ts'
import { entryOf, unrecorded } from './trail-hook.ts'
import type { Recorder } from './trail-recorder.ts'

type Ports = ApiPorts & { readonly recorder: Recorder }

const Reason = z.string().min(1).max(500).describe('Kept on record: why somebody looked')

const HomeRevealed = z.object({ home: HomeRecord, residents: z.array(ResidentRecord) })
export const ResidentRevealed = z.object({ resident: ResidentRecord, home: HomeRecord })
const ResponderRevealed = z.object({ responder: ResponderRecord })
export const AlarmRevealed = z.object({
  home: HomeRecord.nullable(),
  residents: z.array(ResidentRecord).describe('Whom it concerns first, then who else lives there'),
  responders: z
    .array(ResponderRecord)
    .describe('Of the points that were asked or hold it, and of those that the caller could send'),
})

const residentRevealed = (id: string, registry: Registry): z.infer<typeof ResidentRevealed> | undefined => {
  const resident = registry.get('residents', id)
  const home = resident && registry.get('homes', resident.home)
  return home && { resident, home }
}

const homeRevealed = (id: string, registry: Registry): z.infer<typeof HomeRevealed> | undefined => {
  const home = registry.get('homes', id)
  return home && { home, residents: [...registry.residentsOf(home.id)] }
}

const responderRevealed = (id: string, registry: Registry): z.infer<typeof ResponderRevealed> | undefined => {
  const responder = registry.get('responders', id)
  return responder && { responder }
}

/** Answers what `look` sees, once it is on record. */
const onRecord = async <T>(
  request: FastifyRequest<{ Params: { id: string } }>,
  look: (id: string, registry: Registry) => T | undefined,
  ports: Ports,
): Promise<T | Refusal> => {
  const found = look(request.params.id, ports.registry)
  if (!found) return { refused: 'not-found' }
  return (await unrecorded(request, ports)) ?? found
}

const addRecords = (app: ApiApp, ports: Ports): void => {
  const body = z.strictObject({ reason: Reason })
  const failures = problems(...writing, 'not-found', 'not-recorded')
  const schema = { tags: ['personal'], params: IdParams, body }
  const may = 'personal:reveal'
  app.post(
    '/api/residents/:id/reveal',
    {
      config: { access: { may, about: { kind: 'residents', named: 'id' } } },
      schema: {
        ...schema,
        summary: 'A resident with home and contacts, in clear, on record',
        response: { 200: ResidentRevealed, ...failures },
      },
    },
    request => onRecord(request, residentRevealed, ports),
  )
  app.post(
    '/api/homes/:id/reveal',
    {
      config: { access: { may, about: { kind: 'homes', named: 'id' } } },
      schema: {
        ...schema,
        summary: 'A home and who lives there, in clear, on record',
        response: { 200: HomeRevealed, ...failures },
      },
    },
    request => onRecord(request, homeRevealed, ports),
  )
  app.post(
    '/api/responders/:id/reveal',
    {
      config: { access: { may, about: { kind: 'responders', named: 'id' } } },
      schema: {
        ...schema,
        summary: 'A responder, in clear, on record',
        response: { 200: ResponderRevealed, ...failures },
      },
    },
    request => onRecord(request, responderRevealed, ports),
  )
}

const residentsFor = (alarm: Alarm, home: HomeId, registry: Registry): readonly RecordOf['residents'][] => {
  const isConcerned = ({ id }: RecordOf['residents']): boolean => id === alarm.location.resident
  const all = registry.residentsOf(home)
  return [...all.filter(isConcerned), ...all.filter(one => !isConcerned(one))]
}

const alarmRevealed = (
  request: FastifyRequest,
  alarm: Alarm,
  ports: ApiPorts,
): z.infer<typeof AlarmRevealed> => {
  const { registry, places } = ports
  const home = alarm.location.home === undefined ? undefined : registry.get('homes', alarm.location.home)
  const points = new Set([
    ...places.ofAlarm(alarm).points,
    ...candidatesFor(request, alarm, ports).candidates.map(({ point }) => point),
  ])
  return {
    home: home ?? null,
    residents: home ? [...residentsFor(alarm, home.id, registry)] : [],
    responders: [...registry.all('responders')].filter(({ point }) => points.has(point)),
  }
}

const addAlarms = (app: ApiApp, ports: Ports): void => {
  app.post(
    '/api/alarms/:id/reveal',
    {
      config: {
        access: { may: 'personal:reveal-in-alarm', about: { kind: 'alarms', named: 'id' } },
      },
      schema: {
        tags: ['personal'],
        summary: 'Whom to call for an open alarm: home, residents, contacts, responders, in clear, on record',
        params: z.object({ id: AlarmId }),
        body: z.strictObject({ reason: Reason.default('emergency') }),
        response: { 200: AlarmRevealed, ...problems(...writing, 'alarm-not-found', 'already-resolved') },
      },
    },
    async request => {
      const alarm = await ports.alarm(request.params.id)
      if (!alarm) return { refused: 'alarm-not-found' as const }
      if (!isOpen(alarm.state)) return { refused: 'already-resolved' as const }
      const revealed = alarmRevealed(request, alarm, ports)
      const { home, resident } = alarm.location
      await ports.recorder.recordAnyhow({
        ...(await entryOf(request, 'done', ports)),
        facts: { ...(home !== undefined && { home }), ...(resident !== undefined && { resident }) },
      })
      request.isRecorded = true
      return revealed
    },
  )
}

export const revealRoutes = (app: ApiApp, ports: Ports): void => {
  addRecords(app, ports)
  addAlarms(app, ports)
}
