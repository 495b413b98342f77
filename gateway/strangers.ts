/** Remembers who speaks and is not in the registry, for the technician to adopt; and gives it an id to ring under. */
import { createHash } from 'node:crypto'
import { DeviceId, type Instant } from './model/ids.ts'
import type { Observation } from './model/observation.ts'
import type { Stranger, Strangers } from './model/supervision.ts'

/** Beyond: the one not heard of for longest goes. */
const maxStrangers = 1_000
/** Of one stranger: what it says of itself is not ours to store without end. */
const maxFacts = 12
const maxFactLength = 200
const maxIdLength = 64
/** 64 bits. */
const digestLength = 16

export type Meeting = Pick<Stranger, 'source' | 'line' | 'address'> & {
  readonly facts?: Stranger['facts']
}

export interface StrangerBook extends Strangers {
  met(meeting: Meeting, at: Instant): void
}

const keyOf = ({ source, line, address }: Meeting): string => `${source}\n${line}\n${address}`

const bounded = (facts: Stranger['facts']): Stranger['facts'] =>
  Object.fromEntries(
    Object.entries(facts)
      .slice(-maxFacts)
      .map(([name, text]) => [name, text.slice(0, maxFactLength)]),
  )

/**
 * `unknown-pads-7`: under this a device rings that nobody has registered. The alphabet of ids is smaller than that of
 * addresses, and two devices must never share one: the call of the second would pass for a repeat of the first.
 */
export const strangerId = (line: string, address: string): DeviceId => {
  const plain = DeviceId.safeParse(`unknown-${line}-${address}`)
  if (plain.success) return plain.data
  const digest = createHash('sha256').update(`${line}\n${address}`).digest('hex').slice(0, digestLength)
  const readable = `unknown-${line}-${address}`.replaceAll(/[^A-Za-z0-9._-]/g, '_')
  return DeviceId.parse(`${readable.slice(0, maxIdLength - digestLength - 1)}_${digest}`)
}

/** Without a registry entry only a call counts, and it tells whence it came. Undefined: the rest is nobody's. */
export const callOfStranger = (
  observation: Observation,
  whence: { readonly line?: string; readonly address: string },
): Observation | undefined =>
  observation.kind === 'trigger'
    ? { ...observation, data: { ...observation.data, unknownAddress: true, ...whence } }
    : undefined

/** @param isRegistered whoever has been registered since is no stranger any more. */
export const createStrangers = (isRegistered: (meeting: Meeting) => boolean): StrangerBook => {
  const book = new Map<string, Stranger>()
  return {
    list: () => [...book.values()].filter(one => !isRegistered(one)).reverse(),
    met(meeting, at) {
      const key = keyOf(meeting)
      const before = book.get(key)
      book.delete(key)
      book.set(key, {
        ...meeting,
        firstSeenAt: before?.firstSeenAt ?? at,
        lastSeenAt: at,
        messages: (before?.messages ?? 0) + 1,
        facts: bounded({ ...before?.facts, ...meeting.facts }),
      })
      if (book.size <= maxStrangers) return
      const [oldest] = book.keys()
      if (oldest !== undefined) book.delete(oldest)
    },
  }
}
