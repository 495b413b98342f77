/** A command of the gateway as an operator types it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../../../gateway/main.ts', import.meta.url))

export type Ran = { readonly code: number; readonly answer: unknown; readonly said: string }

/** Runs it to its end. What it answers is one line of JSON; what it says beside that is for people. */
export const runCommand = async (
  words: readonly string[],
  env: Record<string, string> = {},
): Promise<Ran> => {
  const child = spawn(process.execPath, [main, ...words], {
    env: { PATH: process.env['PATH'], NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'close')
  const [output, said] = await Promise.all([text(child.stdout), text(child.stderr)])
  const [code] = await ended
  return { code: Number(code), answer: output === '' ? undefined : JSON.parse(output), said }
}
