/** What a page needs to know before it shows anything: time, service levels, and where its map comes from. */
import { z } from 'zod'
import type { Position } from '../model/records.ts'
import type { Registry } from '../model/registry.ts'
import type { ApiApp, ApiPorts } from './app.ts'
import { problems } from './problem.ts'
import { momentOf, Shown } from './shapes.ts'

const seconds = z.number()

export const ConsoleView = z
  .object({
    timeZone: z.string(),
    now: Shown.describe('By which a page tells how far its own clock is off'),
    version: z.string(),
    isSimulated: z.boolean().describe('The time is a demonstration’s'),
    serviceLevels: z.object({
      answerSeconds: seconds,
      staleSeconds: seconds.describe('A stream without a word for so long is shown as stale'),
      leaseSeconds: seconds,
      acceptSeconds: seconds,
    }),
    map: z.object({
      tilesUrl: z.string().nullable(),
      attribution: z.string().nullable(),
      pmtiles: z.boolean().describe('There is a map under /map/tiles.pmtiles'),
      center: z
        .object({ lat: z.number(), lon: z.number() })
        .nullable()
        .describe('WGS-84, in the middle of all points; null: there is none'),
    }),
  })
  .meta({ id: 'Console' })

const middleOf = (positions: readonly Position[]): { lat: number; lon: number } | null => {
  if (positions.length === 0) return null
  const mean = (of: (position: Position) => number): number =>
    positions.reduce((sum, position) => sum + of(position), 0) / positions.length
  return { lat: mean(({ lat }) => lat), lon: mean(({ lon }) => lon) }
}

const centerOf = (registry: Registry) =>
  middleOf(Array.from(registry.all('servicePoints'), ({ position }) => position))

export const consoleRoutes = (app: ApiApp, { settings, registry, clock }: ApiPorts): void => {
  const { map, ...facts } = settings.console
  app.get(
    '/api/console',
    {
      config: { access: 'self' },
      schema: {
        tags: ['session'],
        summary: 'What a page needs to know before it shows anything',
        response: { 200: ConsoleView, ...problems('not-logged-in') },
      },
    },
    async () => ({
      ...facts,
      now: momentOf(clock.now()),
      map: {
        tilesUrl: map.tilesUrl ?? null,
        attribution: map.attribution ?? null,
        pmtiles: map.pmtilesFile !== undefined,
        center: centerOf(registry),
      },
    }),
  )
}
