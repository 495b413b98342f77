/** An open line on virtual time, and what it says of itself in the order it says it. */
import {
  openSerialLine,
  type SerialLine,
  type SerialLineOptions,
} from '../../../gateway/transport/serial-line.ts'
import { eventually } from '../../support/eventually.ts'
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock.ts'

export const longestRetryMs = 15_000

export type LineUnderTest = SerialLine & {
  readonly clock: VirtualClock
  /** `open` and `lost` from the hooks. */
  readonly story: readonly string[]
  readonly logged: readonly string[]
  heard(): string
  /** Resolves when the hooks have told as many changes; time passes meanwhile, if `meanwhile` says how much. */
  told(changes: number, meanwhile?: number): Promise<void>
}

type Overrides = Partial<Pick<SerialLineOptions, 'turnaroundMs' | 'random'>> & {
  readonly onBytes?: (bytes: Uint8Array) => void
}

export const lineUnderTest = (path: string, overrides: Overrides = {}): LineUnderTest => {
  const clock = createVirtualClock()
  const story: string[] = []
  const logged: string[] = []
  const chunks: Uint8Array[] = []
  const log = (_fields: object, message: string) => void logged.push(message)
  const line = openSerialLine({
    path,
    framing: { baudRate: 115_200, dataBits: 8, parity: 'none', stopBits: 1 },
    turnaroundMs: overrides.turnaroundMs ?? 0,
    clock,
    random: overrides.random ?? (() => 0),
    log: { info: log, warn: log },
    hooks: {
      onOpen: () => void story.push('open'),
      onBytes: bytes => {
        chunks.push(bytes)
        overrides.onBytes?.(bytes)
      },
      onLost: () => void story.push('lost'),
    },
  })
  return {
    ...line,
    clock,
    story,
    logged,
    heard: () => Buffer.concat(chunks).toString(),
    told: (changes, meanwhile = 0) =>
      eventually(`${changes} changes of the line`, () => {
        if (story.length >= changes) return null
        clock.advance(meanwhile)
        return undefined
      }).then(() => {}),
  }
}
