import { randomBytes } from 'node:crypto'
import type { Vault } from '../../gateway/model/vault.ts'
import { type Key, keyBytes, keyOf, nonceBytes, seal, unseal } from '../../gateway/privacy/seal.ts'

export type TestVault = Vault & {
  /** A new key seals from now on. */
  rotate(): void
  /** Nothing that this key has sealed opens any more. */
  lose(id: string): void
}

/** The real seal, with keys that last as long as the test. */
export const createTestVault = (): TestVault => {
  const keys: Key[] = []
  const current = (): Key => {
    const [key] = keys
    if (!key) throw new Error('there is no key')
    return key
  }
  const rotate = (): void => {
    keys.unshift({ id: `k${randomBytes(4).toHex().slice(1)}`, key: randomBytes(keyBytes) })
  }
  rotate()
  return {
    seal: (clear, about) => seal(current(), randomBytes(nonceBytes), clear, about),
    open(sealed, about) {
      const key = keys.find(({ id }) => id === keyOf(sealed))
      if (!key) throw new Error(`the key ${keyOf(sealed)} is lost`)
      return unseal(key, sealed, about)
    },
    keyOf,
    currentKey: () => current().id,
    rotate,
    lose: id => {
      keys.splice(
        keys.findIndex(key => key.id === id),
        1,
      )
    },
  }
}
