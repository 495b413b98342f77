/**
 * Bed pads as a load: the job of the process that plays them, and what it measures. Each message is five values of one
 * moment at QoS 1, without a time of its own; the pads speak in turn, so that the rate is even.
 */
import { z } from 'zod'
import type { LoadTown } from '../support/load-town.ts'
import { type Generator, startGenerator } from './child.ts'

export const PadJob = z.object({
  url: z.string(),
  pads: z.array(z.object({ id: z.string(), secret: z.string() })),
  ratePerSecond: z.number(),
  count: z.number(),
})
export type PadJob = z.infer<typeof PadJob>

/** Of nothing it is NaN. */
const Millis = z.number().or(z.nan())

export const PadResult = z.object({
  sent: z.number(),
  acknowledged: z.number(),
  /** What the load was really paced at. */
  achievedPerSecond: z.number(),
  /** From the last message sent to the last PUBACK. */
  drainMs: z.number(),
  toPuback: z.object({ count: z.number(), p50Ms: Millis, p99Ms: Millis, maxMs: Millis }),
})
export type PadResult = z.infer<typeof PadResult>

/** Resolves when every pad is connected. */
export const startPads = (job: PadJob): Promise<Generator<PadResult>> =>
  startGenerator(new URL('./pad-load-process.ts', import.meta.url), job, {
    ready: z.literal('connected'),
    result: PadResult,
  })

export type Pad = PadJob['pads'][number]

/** The homes from `first` on have a bed pad in place of their button. */
export const withPads = (
  town: LoadTown,
  first: number,
): { readonly town: LoadTown; readonly pads: Pad[] } => {
  const homes = town.homes.slice(first)
  const pads = homes.map(({ id, secret }) => ({ id: `pad-${id}`, secret }))
  const devices = homes.map(({ id, secret }) => ({
    id: `pad-${id}`,
    model: 'native/bed-pad',
    home: id,
    resident: `r-${id}`,
    room: 'bedroom',
    secret,
    transport: { mqtt: {} },
  }))
  const buttons = town.document['devices']?.slice(0, first) ?? []
  return { town: { ...town, document: { ...town.document, devices: [...buttons, ...devices] } }, pads }
}
