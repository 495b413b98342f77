/**
 * Takes the heads of the journal's two chains. Gives them, now and then, to where whoever rewrites the journal cannot
 * rewrite them: a file, best on another machine's disk, or another machine itself. `verify --anchors` compares.
 * Never holds anything up: what cannot be anchored is tried again, the latest heads only, and said.
 */
import { existsSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Logger } from 'pino'
import { syncToDisk } from './kit/sync-to-disk.ts'
import type { Clock } from './model/clock.ts'
import type { Instant } from './model/ids.ts'
import type { Heads } from './model/journal.ts'

const firstRetryMs = 5_000
const longestRetryMs = 300_000
/** A stop waits for the last anchor no longer than this: the next start makes another. */
const stopLimitMs = 2_000

/** What `verify --anchors` reads back, one JSON text a line. */
type Anchor = Heads & { readonly at: string }
/** Rejects when it has not arrived. */
type Anchorer = (anchor: Anchor) => Promise<void>

export type AnchorFigures = {
  /** When the latest heads that have arrived were read; undefined: none since the start. */
  readonly anchoredAt: Instant | undefined
  /** Tries that failed since the start. */
  readonly failures: number
}

export type Anchoring = {
  /** Anchors at once, and from then on. */
  readonly start: () => void
  /** Anchors once more. */
  readonly stop: () => Promise<void>
  readonly figures: () => AnchorFigures
}

export type AnchoringPorts = {
  readonly heads: () => Heads
  /** Each has its own tries. None: nothing is anchored. */
  readonly anchorers: readonly Anchorer[]
  readonly intervalMs: number
  readonly clock: Clock
  readonly log: Pick<Logger, 'warn'>
}

/** To one place, one at a time: while one is on its way or has failed, only the latest waits. */
const createLane = (write: Anchorer, clock: Clock, onTried: (anchor: Anchor, error?: unknown) => void) => {
  let latest: Anchor | undefined
  let running: Promise<void> | undefined
  let retryMs = firstRetryMs
  let cancelRetry: (() => void) | undefined
  let ended = false

  const run = async (): Promise<void> => {
    while (latest) {
      const anchor = latest
      try {
        await write(anchor)
        retryMs = firstRetryMs
        if (latest === anchor) latest = undefined
        onTried(anchor)
      } catch (error) {
        onTried(anchor, error)
        if (!ended) cancelRetry = clock.after(retryMs, () => void go())
        retryMs = Math.min(retryMs * 2, longestRetryMs)
        return
      }
    }
  }
  const go = (): Promise<void> => {
    cancelRetry?.()
    running ??= run().finally(() => {
      running = undefined
    })
    return running
  }

  return {
    offer(anchor: Anchor): Promise<void> {
      latest = anchor
      return go()
    },
    end() {
      ended = true
      cancelRetry?.()
    },
  }
}

export const createAnchoring = ({ heads, anchorers, intervalMs, clock, log }: AnchoringPorts): Anchoring => {
  let anchoredAt: Instant | undefined
  let failures = 0
  let cancel: (() => void) | undefined

  const onTried = ({ at }: Anchor, error?: unknown): void => {
    if (error === undefined) anchoredAt = Date.parse(at)
    else {
      failures += 1
      log.warn({ err: error }, 'the heads of the journal could not be anchored')
    }
  }
  const lanes = anchorers.map(write => createLane(write, clock, onTried))
  const anchor = async (): Promise<void> => {
    const now = { at: new Date(clock.now()).toISOString(), ...heads() }
    await Promise.all(lanes.map(lane => lane.offer(now)))
  }
  const goOn = (): void => {
    void anchor()
    cancel = clock.after(intervalMs, goOn)
  }

  return {
    start: () => {
      if (lanes.length > 0) goOn()
    },
    async stop() {
      cancel?.()
      for (const lane of lanes) lane.end()
      const { promise: limit, resolve } = Promise.withResolvers<void>()
      const cancelLimit = clock.after(stopLimitMs, resolve)
      await Promise.race([anchor(), limit])
      cancelLimit()
    },
    figures: () => ({ anchoredAt, failures }),
  }
}

const newline = '\n'

/** Whether the file ends in the middle of a line; undefined: there is no file yet. */
const endsCut = async (path: string): Promise<boolean | undefined> => {
  if (!existsSync(path)) return undefined
  const handle = await open(path, 'r')
  try {
    const { size } = await handle.stat()
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(1), 0, 1, Math.max(size - 1, 0))
    return bytesRead === 1 && buffer.toString() !== newline
  } finally {
    await handle.close()
  }
}

/** Appends and syncs. A line that a full disk has cut short stays one of its own. */
const appendLine = async (path: string, line: string): Promise<void> => {
  const handle = await open(path, 'a', 0o600)
  try {
    await handle.writeFile(line)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

export const anchorToFile =
  (path: string): Anchorer =>
  async anchor => {
    const cut = await endsCut(path)
    await appendLine(path, `${cut === true ? newline : ''}${JSON.stringify(anchor)}${newline}`)
    // A new file's name is on disk only when its directory is.
    if (cut === undefined) await syncToDisk(dirname(path))
  }

type Sent = { readonly state: string; readonly reason?: string }

/** @param send a signed notice: its id stays the same over all tries of one anchor. */
export const anchorToUrl =
  (send: (id: string, body: string) => Promise<Sent>): Anchorer =>
  async anchor => {
    const { state, reason } = await send(`anchor-${Date.parse(anchor.at)}`, JSON.stringify(anchor))
    if (state !== 'delivered') throw new Error(reason ?? state)
  }
