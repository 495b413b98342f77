/**
 * A serial cable in software: two pseudo-terminals of the operating system, joined by `socat`, under links whose names
 * stay the same when the cable is pulled out and put in again.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { constants, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { ReadStream } from 'node:tty'

export type PseudoTerminals = {
  /** For the gateway. */
  readonly near: string
  /** For whoever plays the device. */
  readonly far: string
  /** Resolves when both ends are there. */
  plugIn(): Promise<void>
  /** Speaks and listens at the far end, until the cable is pulled. */
  openFar(): FarEnd
  /** As a cable is pulled: returns when the kernel has hung up both ends. */
  unplug(): void
}

export type FarEnd = {
  say(bytes: Uint8Array): void
  /** All that has come so far. */
  heard(): Buffer
}

const openFarEnd = (path: string): FarEnd => {
  const descriptor = openSync(path, constants.O_RDWR | constants.O_NOCTTY)
  const chunks: Buffer[] = []
  new ReadStream(descriptor)
    .on('data', (chunk: Buffer) => chunks.push(chunk))
    // The cable was pulled.
    .on('error', () => {})
  return { say: bytes => void writeSync(descriptor, bytes), heard: () => Buffer.concat(chunks) }
}

const hasEnded = (pid: number): boolean => {
  try {
    // A killed process closes its files before it becomes a zombie [proc(5)].
    return readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')
  } catch {
    return true
  }
}

/** `directory`: where the links go. The cable is not plugged in yet. */
export const createPseudoTerminals = (directory: string): PseudoTerminals => {
  const near = join(directory, 'near')
  const far = join(directory, 'far')
  let socat: ChildProcess | undefined

  return {
    near,
    far,
    async plugIn() {
      const ends = [near, far].map(link => `pty,raw,echo=0,link=${link}`)
      const started = spawn('socat', ['-d', '-d', ...ends], { stdio: ['ignore', 'ignore', 'pipe'] })
      socat = started
      let said = ''
      started.stderr.on('data', (text: Buffer) => {
        said += text.toString()
      })
      while (!said.includes('starting data transfer loop')) await once(started.stderr, 'data')
    },
    openFar: () => openFarEnd(far),
    unplug() {
      const pid = socat?.pid
      socat = undefined
      if (pid === undefined) return
      process.kill(pid, 'SIGKILL')
      // Waited for without giving way to anything else, so that a test can say what happened before and after.
      while (!hasEnded(pid));
    },
  }
}
