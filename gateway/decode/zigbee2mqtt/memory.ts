/**
 * What is remembered of each Zigbee device, so that a state that is told again is not taken for something new, also after
 * a restart. Bounded: beyond the limit, the device not heard of for longest is forgotten, and the worst that comes of
 * it is that a condition which still holds rings once more.
 */
import { z } from 'zod'
import { decodeJson } from '../json.ts'

const maxDevices = 2_000
/** A state as large as this was not written here. */
const maxSavedBytes = 8 * 1_048_576

/** The attributes whose change means something, as they were told last. */
export const Told = z.object({
  sos: z.boolean().exactOptional(),
  smoke: z.boolean().exactOptional(),
  gas: z.boolean().exactOptional(),
  carbon_monoxide: z.boolean().exactOptional(),
  water_leak: z.boolean().exactOptional(),
  fall_down_status: z.enum(['none', 'maybe_fall', 'fall']).exactOptional(),
  /** Percent. */
  battery: z.number().min(0).max(100).exactOptional(),
  battery_low: z.boolean().exactOptional(),
  /** Millivolts. */
  voltage: z.number().exactOptional(),
  tamper: z.boolean().exactOptional(),
})
export type Told = z.infer<typeof Told>

const Memory = z.object({
  told: Told,
  /** Of its latest message as a whole. */
  fingerprint: z.number().exactOptional(),
  /** `last_seen` of the latest press that was taken. */
  pressedAt: z.number().exactOptional(),
  /** For which appearance of the bridge its state has been told again. */
  retoldFor: z.number().exactOptional(),
})
export type Memory = z.infer<typeof Memory>

const Saved = z.object({
  events: z.number().int().min(0),
  devices: z.array(z.tuple([z.string(), Memory])),
  addresses: z.array(z.tuple([z.string(), z.string()])),
})

export interface Memories {
  of(name: string): Memory
  keep(name: string, memory: Memory): void
  ieeeOf(name: string): string | undefined
  /** IEEE addresses by friendly name: all that there are. */
  list(addresses: ReadonlyMap<string, string>): void
  /** Counts the events that were made, for ever. */
  nextEvent(): number
  save(): string
}

const nothing: Memory = { told: {} }

const restore = (saved: string | undefined): z.infer<typeof Saved> | undefined => {
  if (saved === undefined) return undefined
  const json = decodeJson(new TextEncoder().encode(saved), maxSavedBytes)
  return json.ok ? Saved.safeParse(json.value).data : undefined
}

/** What cannot be read of `saved` is as if it had never been. */
export const createMemories = (saved?: string): Memories => {
  const restored = restore(saved)
  const devices = new Map<string, Memory>(restored?.devices.slice(-maxDevices))
  let addresses: ReadonlyMap<string, string> = new Map(restored?.addresses.slice(0, maxDevices))
  let events = restored?.events ?? 0

  return {
    of: name => devices.get(name) ?? nothing,
    keep(name, memory) {
      devices.delete(name)
      devices.set(name, memory)
      const [oldest] = devices.keys()
      if (devices.size > maxDevices && oldest !== undefined) devices.delete(oldest)
    },
    ieeeOf: name => addresses.get(name),
    list(all) {
      addresses = all
    },
    nextEvent() {
      events += 1
      return events
    },
    save: () => JSON.stringify({ events, devices: [...devices], addresses: [...addresses] }),
  }
}
