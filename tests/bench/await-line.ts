import type { ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

const startTimeoutMs = 60_000
const shownLines = 20

/** Resolves when the child prints a line that matches; goes on reading, so that the child never blocks on its log. */
export const awaitLine = async (child: ChildProcess, output: Readable, pattern: RegExp): Promise<void> => {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const last: string[] = []
  createInterface({ input: output }).on('line', line => {
    last.push(line)
    if (last.length > shownLines) last.shift()
    if (pattern.test(line)) resolve()
  })
  const fail = (what: string) => reject(new Error([what, ...last].join('\n')))
  child.once('error', error => fail(error.message))
  child.once('exit', code => fail(`${child.spawnfile} ended with ${code}`))
  const timer = setTimeout(
    () => fail(`${child.spawnfile} was not ready within ${startTimeoutMs} ms`),
    startTimeoutMs,
  )
  await promise.finally(() => clearTimeout(timer))
}
