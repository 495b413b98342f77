import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { eventually } from './eventually.ts'

export type ServerProcess = {
  readonly url: string
  start(): Promise<void>
  /** As a power cut would. */
  kill(): Promise<void>
}

export type ServerCommand = {
  readonly program: string
  readonly arguments: readonly string[]
  readonly port: number
  /** Answers 2xx when the server is ready. */
  readonly healthPath: string
}

const startLimitMs = 30_000

/** A server of somebody else's making that speaks HTTP on loopback: started, killed and started again by a test. */
export const serverProcess = (command: ServerCommand): ServerProcess => {
  const url = `http://127.0.0.1:${command.port}`
  let running: ReturnType<typeof spawn> | undefined
  const isReady = async (): Promise<true | undefined> => {
    if (running?.exitCode !== null) throw new Error(`${command.program} ended with ${running?.exitCode}`)
    const response = await fetch(`${url}${command.healthPath}`).catch(() => undefined)
    return response?.ok || undefined
  }
  return {
    url,
    async start() {
      running = spawn(command.program, command.arguments, { stdio: 'ignore' })
      await eventually(`${command.program} answers`, isReady, startLimitMs)
    },
    async kill() {
      if (!running || running.exitCode !== null) return
      const exited = once(running, 'exit')
      running.kill('SIGKILL')
      await exited
      running = undefined
    },
  }
}
