/**
 * The seal: AES-256-GCM (NIST SP 800-38D). Its bytes, in order:
 *
 *     1  version, 1
 *     8  id of the key, ASCII
 *    12  nonce, random: good for 2^32 seals of one key (8.3)
 *    16  tag
 *     …  ciphertext, as long as the clear text
 *
 * Version, key id and what it is about are authenticated with it, so that no seal opens in another's place.
 */
import { createCipheriv, createDecipheriv } from 'node:crypto'

export type Key = { readonly id: string; readonly key: Uint8Array }

export const keyBytes = 32
export const keyIdLength = 8

const version = 1
export const nonceBytes = 12
const tagBytes = 16
const headBytes = 1 + keyIdLength
const clearFrom = headBytes + nonceBytes + tagBytes
const algorithm = 'aes-256-gcm'

const associated = (head: Uint8Array, about: string): Uint8Array => Buffer.concat([head, Buffer.from(about)])

/** Throws on what is no seal of this version. */
export const keyOf = (sealed: Uint8Array): string => {
  if (sealed[0] !== version || sealed.length < clearFrom) throw new Error('this is not a seal of version 1')
  return Buffer.from(sealed.subarray(1, headBytes)).toString('latin1')
}

/** @param nonce fresh for every seal */
export const seal = ({ id, key }: Key, nonce: Uint8Array, clear: Uint8Array, about: string): Uint8Array => {
  const head = Buffer.concat([Buffer.of(version), Buffer.from(id, 'latin1')])
  const cipher = createCipheriv(algorithm, key, nonce).setAAD(associated(head, about))
  const hidden = Buffer.concat([cipher.update(clear), cipher.final()])
  return Buffer.concat([head, nonce, cipher.getAuthTag(), hidden])
}

/** Throws when the seal was not made with this key, for `about`, or was changed since. */
export const unseal = ({ key }: Key, sealed: Uint8Array, about: string): Uint8Array => {
  const nonce = sealed.subarray(headBytes, headBytes + nonceBytes)
  const decipher = createDecipheriv(algorithm, key, nonce, { authTagLength: tagBytes })
    .setAAD(associated(sealed.subarray(0, headBytes), about))
    .setAuthTag(sealed.subarray(headBytes + nonceBytes, clearFrom))
  return Buffer.concat([decipher.update(sealed.subarray(clearFrom)), decipher.final()])
}
