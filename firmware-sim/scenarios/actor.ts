/** One device of a story, as something that can be told to act; and what all of them need to live. */
import type { Clock } from '../clock.ts'
import type { DeviceStatus } from '../codec.ts'
import type { Link, LinkOptions } from '../link.ts'
import type { Random } from '../random.ts'
import type { Sleeper } from '../sleeper.ts'
import type { ScenarioDevice } from './scenario.ts'

export type Actor = {
  /** Resolves true when the gateway has acknowledged it. */
  act(event: string, data?: Readonly<Record<string, unknown>>): Promise<boolean>
  status(status: DeviceStatus): void
  power(on: boolean): void
}

/** A device of the story in one home. */
export type Part = { readonly id: string; readonly device: ScenarioDevice; readonly home: number }

export type Stage = {
  readonly clock: Clock
  readonly connect: (options: LinkOptions) => Link
  readonly sleeperIn: (home: number) => Sleeper
  readonly secretOf: (id: string) => string
  readonly randomOf: (id: string) => Random
}
