/**
 * Takes: the file of the keys, randomness, and the ids of the keys without which something on disk cannot be read.
 * Gives: seals that open for what they were made for and for nothing else; a new key on request.
 * Never does: make a key where sealed data is waiting for another; use a key that is not on disk yet; show a key.
 *
 * Whoever has a copy of the key file and one of the data can read it all: they belong in different places. A backup
 * needs the keys that were in the file when it was made.
 */
import { statSync } from 'node:fs'
import type { Clock } from '../model/clock.ts'
import type { KeyRing } from '../model/vault.ts'
import { type Keys, readKeyFile, writeKeyFile } from './key-file.ts'
import { type Key, keyBytes, keyIdLength, keyOf, nonceBytes, seal, unseal } from './seal.ts'

export type VaultOptions = {
  readonly file: string
  readonly randomBytes: (count: number) => Uint8Array
  readonly neededKeys: Iterable<string>
  readonly clock: Pick<Clock, 'now'>
  readonly log: { warn(facts: object, message: string): void }
}

/** `problem`: for the person who starts the gateway; it names the file and the keys that are missing. */
export type OpenedVault = { readonly vault: KeyRing } | { readonly problem: string }

/** Bits by which others than its owner may do anything with a file. */
const others = 0o077

/** Throws when the disk refuses. */
export const openVault = (options: VaultOptions): OpenedVault => {
  const { file, neededKeys, log } = options
  const needed = [...new Set(neededKeys)].sort()
  let keys: Keys | undefined
  try {
    keys = readKeyFile(file)
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  }
  if (!keys && needed.length > 0)
    return { problem: `the key file ${file} is missing; data is sealed with ${needed.join(', ')}` }
  const missing = needed.filter(id => !keys?.keys.some(key => key.id === id))
  if (missing.length > 0)
    return { problem: `the key file ${file} lacks ${missing.join(', ')}, with which data is sealed` }
  if (keys && (statSync(file).mode & others) !== 0)
    log.warn({ file }, 'the key file can be read by others than its owner: chmod 600')
  return { vault: createKeyRing(keys ?? withNewKey(options, []), options) }
}

/** On disk when it answers. */
const withNewKey = ({ file, randomBytes, clock }: VaultOptions, old: Keys['keys']): Keys => {
  const id = `k${randomBytes(keyIdLength / 2)
    .toHex()
    .slice(1)}`
  if (old.some(key => key.id === id)) throw new Error(`there is a key ${id} already`)
  const keys = { current: id, keys: [...old, { id, key: randomBytes(keyBytes), createdAt: clock.now() }] }
  writeKeyFile(file, keys)
  return keys
}

const createKeyRing = (first: Keys, options: VaultOptions): KeyRing => {
  let keys = first
  const keyNamed = (id: string): Key => {
    const key = keys.keys.find(one => one.id === id)
    if (!key) throw new Error(`the key ${id} is not in ${options.file}`)
    return key
  }

  return {
    seal: (clear, about) => seal(keyNamed(keys.current), options.randomBytes(nonceBytes), clear, about),
    open: (sealed, about) => unseal(keyNamed(keyOf(sealed)), sealed, about),
    keyOf,
    currentKey: () => keys.current,
    keys: () => keys.keys.map(({ id, createdAt }) => ({ id, createdAt, current: id === keys.current })),
    rotate() {
      keys = withNewKey(options, keys.keys)
    },
    retire(ids) {
      const left = keys.keys.filter(({ id }) => id === keys.current || !ids.includes(id))
      if (left.length === keys.keys.length) return
      const kept = { current: keys.current, keys: left }
      writeKeyFile(options.file, kept)
      keys = kept
    },
  }
}
