/** Refused logins in the log: at most one line a second, whatever comes in, and none goes uncounted. */
import type { Clock } from '../model/clock.ts'
import type { ErrorCode } from '../model/errors.ts'

const lineMs = 1_000

export type RefusedLogins = { add(why: ErrorCode, address: string): void; close(): void }

export const createRefusedLogins = (
  clock: Clock,
  log: { info(facts: object, message: string): void },
): RefusedLogins => {
  let waiting = 0
  let latest: { why: ErrorCode; address: string } | undefined
  let cancel: (() => void) | undefined

  const write = (): void => {
    cancel = undefined
    if (waiting === 0) return
    log.info({ count: waiting, ...latest }, 'logins were refused')
    waiting = 0
    cancel = clock.after(lineMs, write)
  }

  return {
    add: (why, address) => {
      waiting += 1
      latest = { why, address }
      if (!cancel) write()
    },
    close: () => {
      cancel?.()
      write()
      cancel?.()
    },
  }
}
