/** The part of the manifest of settings that is about consoles, wall boards and maps. See `settings.ts`. */
import { z } from 'zod'
import { allows, integer, text } from './kit/setting-types.ts'
import { settingFacts } from './kit/settings-manifest.ts'

const isTemplate = (given: string): boolean =>
  URL.canParse(given) && ['{z}', '{x}', '{y}'].every(part => given.includes(part))

const tilesUrl = () =>
  allows(
    'an address that starts with http:// or https:// and holds {z}, {x} and {y}',
    z
      .string()
      // The host goes into the policy of pages: nothing in it may end a directive there.
      .regex(/^https?:\/\/[\w.:[\]-]+\/\S+$/)
      .refine(isTemplate),
  )

export const map = z.strictObject({
  tilesUrl: tilesUrl().optional().register(settingFacts, {
    why: 'Where maps get their pictures: the one address outside that pages then ask. Unset: a plan of the registry’s own positions.',
  }),
  attribution: text().optional().register(settingFacts, {
    why: 'Whose map it is, as its licence wants it to be shown.',
  }),
  pmtilesFile: text().optional().register(settingFacts, {
    why: 'A map as one file (PMTiles), served from here: no page asks anybody outside.',
  }),
})

export const shift = z.strictObject({
  absentMs: integer(5_000, 3_600_000).default(60_000).register(settingFacts, {
    unit: 'ms',
    why: 'How long everybody on duty may be without an open console before that is an alarm. It is one only where a shift has ever been taken over.',
  }),
})
