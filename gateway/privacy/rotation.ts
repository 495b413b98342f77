/**
 * A new key for everything that is sealed. What an older key has sealed is sealed anew in slices, in the background; a key
 * that seals nothing any more leaves the file, and what copies of old bytes the disk may still hold open for nobody.
 * Interrupted, it goes on at the next start.
 */
import type { Clock } from '../model/clock.ts'
import type { Trail } from '../model/trail.ts'
import type { KeyRing, Rotation, SealedRows } from '../model/vault.ts'

/** Between two slices, so that it takes a tenth of the thread at most. */
const restMs = 50
/** After a slice that the disk refused. */
const retryMs = 60_000

export type RotationPorts = {
  readonly keys: KeyRing
  /** Everything that is sealed with them. */
  readonly sealed: readonly SealedRows[]
  readonly clock: Clock
  readonly trail: Pick<Trail, 'record'>
  readonly log: { error(facts: object, message: string): void }
}

export const createRotation = ({
  keys,
  sealed,
  clock,
  trail,
  log,
}: RotationPorts): Rotation & { stop(): void } => {
  let cancel: (() => void) | undefined
  /** Of which table, and how far in it. */
  let [table, cursor] = [0, '']

  const rowsOf = (id: string): number => sealed.reduce((rows, one) => rows + (one.counts().get(id) ?? 0), 0)

  /** False: that was the last. */
  const sealSlice = (): boolean => {
    const next = sealed[table]?.reseal(cursor)
    if (next === undefined) table += 1
    cursor = next ?? ''
    return table < sealed.length
  }
  const finish = (): void => {
    const old = keys.keys().filter(({ current }) => !current)
    const idle = old.filter(({ id }) => rowsOf(id) === 0).map(({ id }) => id)
    keys.retire(idle)
    void trail.record({
      at: clock.now(),
      actor: { kind: 'clock' },
      action: 'key-rotation',
      outcome: 'done',
      facts: { current: keys.currentKey(), retired: idle.join(' '), kept: old.length - idle.length },
    })
  }
  const step = (): void => {
    cancel = undefined
    try {
      if (sealSlice()) goOn(restMs)
      else finish()
    } catch (error) {
      log.error({ error: String(error) }, 'what an old key has sealed cannot be sealed anew; trying again')
      ;[table, cursor] = [0, '']
      goOn(retryMs)
    }
  }
  const goOn = (delayMs: number): void => {
    cancel?.()
    cancel = clock.after(delayMs, step)
  }
  const begin = (): void => {
    ;[table, cursor] = [0, '']
    goOn(0)
  }

  if (keys.keys().length > 1) begin()

  return {
    start() {
      try {
        keys.rotate()
      } catch (error) {
        return { refused: 'journal-unavailable', detail: `the key file was not written: ${String(error)}` }
      }
      begin()
      return undefined
    },
    keys: () => keys.keys().map(key => ({ ...key, rows: rowsOf(key.id) })),
    running: () => cancel !== undefined,
    stop() {
      cancel?.()
      cancel = undefined
    },
  }
}
