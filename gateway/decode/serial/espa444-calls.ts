/**
 * Which transmissions of a block are one call. Takes blocks and what became of them; gives event ids.
 * A panel sends a block again until it has an ACK: that is the same call. The same text after an ACK and the end of the
 * transaction, or after a long pause, is a new press, and must never be taken for an old one.
 */
import type { Instant } from '../../model/ids.ts'
import { crc16 } from './crc16.ts'
import { textOf } from './espa444-block.ts'
import { isDue } from './splitter.ts'

/** A panel that got no ACK tries again well within this. */
const repeatWithinMs = 15_000

/** Blocks without an ACK. Beyond this the oldest goes: its repeat would ring once more. */
const maxCalls = 32

type Call = { readonly eventId: string; readonly heardAt: Instant; readonly acknowledged: boolean }

export type Calls = {
  readonly eventIdOf: (block: readonly number[], now: Instant) => string
  readonly acknowledge: (eventId: string) => void
  /** A panel that goes on has had its ACK. */
  readonly endTransaction: () => void
}

export const createCalls = (): Calls => {
  const calls = new Map<string, Call>()

  const remove = (unwanted: (call: Call) => boolean) => {
    for (const [text, call] of calls) if (unwanted(call)) calls.delete(text)
  }

  return {
    eventIdOf: (block, now) => {
      remove(({ heardAt }) => isDue(heardAt + repeatWithinMs, now, repeatWithinMs))
      const text = textOf(block)
      const eventId = calls.get(text)?.eventId ?? `${now}-${crc16(Uint8Array.from(block)).toString(16)}`
      calls.delete(text)
      calls.set(text, { eventId, heardAt: now, acknowledged: false })
      const [oldest] = calls.keys()
      if (calls.size > maxCalls && oldest !== undefined) calls.delete(oldest)
      return eventId
    },
    acknowledge: eventId => {
      for (const [text, call] of calls)
        if (call.eventId === eventId) calls.set(text, { ...call, acknowledged: true })
    },
    endTransaction: () => remove(({ acknowledged }) => acknowledged),
  }
}
