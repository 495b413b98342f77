import { setTimeout as pause } from 'node:timers/promises'

const checkEveryMs = 20

/**
 * Resolves with the first value that is not undefined. For conditions of another process, which announces nothing:
 * asks again until then. Rejects, naming what was awaited, after `limitMs`.
 */
export const eventually = async <T>(
  what: string,
  check: () => T | undefined | Promise<T | undefined>,
  limitMs = 10_000,
): Promise<T> => {
  const deadline = performance.now() + limitMs
  for (;;) {
    const value = await check()
    if (value !== undefined) return value
    if (performance.now() > deadline) throw new Error(`not within ${limitMs} ms: ${what}`)
    await pause(checkEveryMs)
  }
}
