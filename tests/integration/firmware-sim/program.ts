/** A program of the simulator as a child process, seen by its output and exit code. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { onTestFinished } from 'vitest'

export type Program = {
  /** Resolves when the output so far matches; rejects if the program ends before. */
  shows(pattern: RegExp): Promise<void>
  readonly exited: Promise<number | null>
  output(): string
  errors(): string
  signal(name: NodeJS.Signals): void
}

export const runProgram = (
  file: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Program => {
  const path = new URL(`../../../firmware-sim/${file}`, import.meta.url).pathname
  const child = spawn(process.execPath, [path, ...args], { env: { ...process.env, ...environment } })
  let output = ''
  let errors = ''
  const watchers = new Set<() => void>()
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
    for (const look of watchers) look()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  const exited = once(child, 'close').then(() => child.exitCode)
  onTestFinished(async () => {
    child.kill('SIGTERM')
    await exited
  })
  return {
    exited,
    output: () => output,
    errors: () => errors,
    signal: name => child.kill(name),
    shows: pattern =>
      new Promise((shown, failed) => {
        const look = () => {
          if (!pattern.test(output)) return
          watchers.delete(look)
          shown()
        }
        watchers.add(look)
        look()
        void exited.then(code =>
          failed(new Error(`ended (${code}) without ${pattern}:\n${output}\n${errors}`)),
        )
      }),
  }
}
