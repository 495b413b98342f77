/** A serial port of this machine, as a wire. */
import type { SerialPort } from 'serialport'
import type { Clock } from '../model/clock.ts'
import type { LineFraming } from '../model/line.ts'
import { reasonOf, type Wire, type WireHooks } from './serial-wire.ts'

/** Handed on at once, so little is ever gathered; the library's 64 KiB would be held for each line. */
const readBufferBytes = 4_096

/** How often to ask whether the device is still there. */
const watchEveryMs = 1_000

export const openSerialDevice = (
  path: string,
  framing: LineFraming,
  clock: Clock,
  hooks: WireHooks,
): Wire => {
  let port: SerialPort | undefined
  let ended = false
  let cancelWatch = (): void => {}

  const release = (): void => {
    ended = true
    cancelWatch()
    if (port?.isOpen) port.close(() => {})
  }
  const lose = (reason: string): void => {
    if (ended) return
    release()
    hooks.onLost(reason)
  }

  /**
   * A device that is unplugged while a read is under way is at its end for ever, and the library reads on from there
   * without a word, at the cost of a whole core (serialport 13, `unix-read.js`). A question to the driver tells.
   * Where a sound port cannot be asked, there is no watch.
   */
  const watch = async (opened: SerialPort): Promise<void> => {
    const ask = () => opened.port?.getBaudRate()
    try {
      await ask()
    } catch {
      return
    }
    const askAgain = (): void => {
      if (ended) return
      cancelWatch = clock.after(watchEveryMs, () => {
        ask()?.then(askAgain, () => lose('the device has gone'))
      })
    }
    askAgain()
  }

  const start = async (): Promise<void> => {
    // Only where a line needs it: its native part costs memory.
    const { SerialPort } = await import('serialport')
    if (ended) return
    const opening = new SerialPort({ path, ...framing, autoOpen: false, highWaterMark: readBufferBytes })
    port = opening
    opening.on('error', error => lose(reasonOf(error)))
    opening.on('close', (error?: unknown) => lose(error ? reasonOf(error) : 'the device was closed'))
    opening.on('data', (bytes: Uint8Array) => {
      if (!ended) hooks.onBytes(bytes)
    })
    opening.open(error => {
      if (error) return lose(reasonOf(error))
      if (ended) return release()
      void watch(opening)
      hooks.onOpen()
    })
  }
  start().catch((error: unknown) => lose(reasonOf(error)))

  return {
    write: (bytes, onWritten) => {
      // A failed write ends the port, and is told there.
      port?.write(bytes, error => {
        if (!error) onWritten()
      })
    },
    close: release,
  }
}
