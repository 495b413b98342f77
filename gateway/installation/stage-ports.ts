import type { Clock } from '../model/clock.ts'
import type { DeviceLives } from '../model/provisioning.ts'
import type { Registry } from '../model/registry.ts'
import type { Consents, Papers } from '../model/vault.ts'

/** What the stage asks the rest of the house. */
export type StagePorts = {
  readonly registry: Pick<Registry, 'get' | 'devicesOf' | 'residentsOf'>
  readonly lives: Pick<DeviceLives, 'of' | 'untested' | 'enable'>
  readonly consents: Pick<Consents, 'given'>
  readonly papers: Pick<Papers, 'keep' | 'drop' | 'text' | 'bytes'>
  readonly clock: Clock
}
