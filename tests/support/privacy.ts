/** Everything of privacy on a key file of its own, over a registry, a journal and care that a test has opened. */
import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Care } from '../../gateway/model/care.ts'
import type { DeviceId } from '../../gateway/model/ids.ts'
import type { Journal } from '../../gateway/model/journal.ts'
import type { Registry } from '../../gateway/model/registry.ts'
import type { KeyRing, Vault } from '../../gateway/model/vault.ts'
import { openPersonal } from '../../gateway/privacy/personal.ts'
import { createPersonalData } from '../../gateway/privacy/personal-data.ts'
import { createRotation } from '../../gateway/privacy/rotation.ts'
import { openVault } from '../../gateway/privacy/vault.ts'
import type { VirtualClock } from './virtual-clock.ts'

const silent = { warn() {}, error() {} }

/** @param file its key file; made when it is not there */
export const openTestVault = (file: string, clock: Pick<VirtualClock, 'now'>): KeyRing => {
  const opened = openVault({ file, randomBytes, neededKeys: [], clock, log: silent })
  if ('problem' in opened) throw new Error(opened.problem)
  return opened.vault
}

export const openTestPrivacy = ({
  registry,
  journal,
  care,
  clock,
}: {
  registry: Registry
  journal: Journal
  care: Care
  clock: VirtualClock
}) => {
  const directory = mkdtempSync(join(tmpdir(), 'anling-keys-'))
  const keys = openTestVault(join(directory, 'keys.json'), clock)
  const disk = { refuses: false }
  const vault: Vault = {
    ...keys,
    seal(clear, about) {
      if (disk.refuses) throw new Error('disk is full')
      return keys.seal(clear, about)
    },
  }
  const personal = openPersonal({ directory: ':memory:', vault, newId: randomUUID, log: silent })
  const erasedDevices: DeviceId[] = []
  const personalData = createPersonalData({
    registry,
    journal,
    care,
    clock,
    papers: personal.papers,
    consents: personal.consents,
    telemetry: { erase: async device => void erasedDevices.push(device) },
  })
  const rotation = createRotation({
    keys,
    sealed: [personal.sealed],
    clock,
    trail: journal.trail,
    log: silent,
  })
  return {
    ...personal,
    personalData,
    rotation,
    erasedDevices,
    /** Whether it takes what people write. */
    disk,
    close() {
      rotation.stop()
      personal.close()
      rmSync(directory, { recursive: true })
    },
  }
}
