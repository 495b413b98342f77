/** Whoever speaks and is not in the registry becomes a device of a home. */
import { z } from 'zod'
import { DeviceId, HomeId, ResidentId } from '../model/ids.ts'
import { DeviceRecord } from '../model/records.ts'
import type { ApiApp, ApiPorts } from './app.ts'
import { inSight } from './authenticate.ts'
import { byOf } from './by.ts'
import { room, tags } from './device-life.ts'
import { problems, writing } from './problem.ts'
import { unseen } from './unseen.ts'

const Adoption = z.strictObject({
  source: z.enum(['serial', 'espa444', 'zigbee2mqtt']),
  line: z.string().max(200),
  address: z.string().max(200),
  id: DeviceId,
  model: DeviceRecord.shape.model,
  home: HomeId,
  resident: ResidentId.exactOptional(),
  room: room.exactOptional(),
})

export const adoptionRoutes = (app: ApiApp, ports: ApiPorts): void => {
  const { provisioning, places, homeOfLine } = ports
  app.post(
    '/api/strangers/adopt',
    {
      config: { access: { may: 'device:fit', about: 'filtered' } },
      schema: {
        tags,
        summary: 'Make a stranger, as /api/strangers shows it, a device of a home',
        body: Adoption,
        response: {
          201: DeviceRecord,
          ...problems(
            ...([...writing, 'not-found', 'already-registered', 'duplicate-id'] as const),
            ...(['unknown-reference', 'invalid-record', 'journal-unavailable'] as const),
          ),
        },
      },
    },
    async (request, reply) => {
      const { source, line, address, ...device } = request.body
      const missing = unseen(request, ports)
      const refused = missing('homes', device.home) ?? missing('residents', device.resident)
      if (refused) return refused
      const home = homeOfLine(line)
      if (home !== undefined && !inSight(request)(places.ofHome(home)))
        return { refused: 'not-found' as const, detail: `nobody has been heard on ${line} under ${address}` }
      const adopted = await provisioning.adopt({ source, line, address }, device, byOf(request))
      if ('refused' in adopted) return adopted
      request.subject = { kind: 'devices', id: adopted.id }
      return reply.code(201).send(adopted)
    },
  )
}
