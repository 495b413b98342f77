import { z } from 'zod'
import type { Stranger } from '../model/supervision.ts'
import type { ApiApp, ApiPorts } from './app.ts'
import { inSight } from './authenticate.ts'
import { problems, reading } from './problem.ts'
import { momentOf, Shown } from './shapes.ts'

export const StrangerView = z
  .object({
    source: z.enum(['serial', 'espa444', 'zigbee2mqtt']),
    line: z.string().describe('The line; of Zigbee2MQTT, its base topic'),
    address: z.string().describe('What a device record names it by'),
    firstSeenAt: Shown,
    lastSeenAt: Shown,
    messages: z.int(),
    facts: z.record(z.string(), z.string()).describe('What it says of itself: model, vendor'),
  })
  .meta({ id: 'Stranger' })

const view = (stranger: Stranger): z.infer<typeof StrangerView> => ({
  ...stranger,
  firstSeenAt: momentOf(stranger.firstSeenAt),
  lastSeenAt: momentOf(stranger.lastSeenAt),
})

export const strangerRoutes = (app: ApiApp, { strangers, homeOfLine, places }: ApiPorts): void => {
  app.get(
    '/api/strangers',
    {
      config: { access: { may: 'device:read', about: 'filtered' } },
      schema: {
        tags: ['registry'],
        summary: 'Who speaks and is not in the registry, latest first',
        response: { 200: z.object({ items: z.array(StrangerView) }), ...problems(...reading) },
      },
    },
    async request => {
      const isSeen = inSight(request)
      // Where nobody knows the home, anybody may have put it there.
      const isShown = ({ line }: Stranger): boolean => {
        const home = homeOfLine(line)
        return home === undefined || isSeen(places.ofHome(home))
      }
      return { items: strangers.list().filter(isShown).map(view) }
    },
  )
}
