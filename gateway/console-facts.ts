import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { answerSeconds, type ConsoleFacts, staleSeconds } from './model/console.ts'
import type { Settings } from './settings.ts'

const Package = z.object({ version: z.string() })

/** What pages need to know, from the settings and from what is installed. */
export const consoleFactsOf = ({ timeZone, alarm, map, simulation }: Settings): ConsoleFacts => ({
  timeZone,
  isSimulated: simulation.speed !== 1 || simulation.startAt !== undefined,
  version: Package.parse(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')))
    .version,
  serviceLevels: {
    answerSeconds: answerSeconds[alarm.preset],
    staleSeconds,
    leaseSeconds: alarm.leaseMs / 1_000,
    acceptSeconds: alarm.acceptMs / 1_000,
  },
  map,
})
