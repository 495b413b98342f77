/**
 * Buttons that lose their connections at one moment and come back, in a process of their own: ten thousand sockets closed
 * at once would hold up whoever measures presses beside them.
 */
import { z } from 'zod'
import type { LoadTown } from '../support/load-town.ts'
import { type Generator, startGenerator } from './child.ts'

export const CrowdJob = z.object({
  url: z.string(),
  buttons: z.array(z.object({ id: z.string(), secret: z.string() })),
  windowSeconds: z.number(),
})
export type CrowdJob = z.infer<typeof CrowdJob>

export const CrowdResult = z.object({ returnedInMs: z.number() })
export type CrowdResult = z.infer<typeof CrowdResult>

/** Resolves when every button is connected. */
export const startCrowd = (
  url: string,
  homes: LoadTown['homes'],
  windowSeconds: number,
): Promise<Generator<CrowdResult>> => {
  const buttons = homes.map(({ device, secret }) => ({ id: device, secret }))
  const job: CrowdJob = { url, buttons, windowSeconds }
  return startGenerator(new URL('./crowd-load-process.ts', import.meta.url), job, {
    ready: z.literal('connected'),
    result: CrowdResult,
  })
}
