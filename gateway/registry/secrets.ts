/**
 * Secrets of devices and terminals: made here, shown once, kept as salted SHA-256. A slow hash such as argon2 would add
 * nothing to a random secret of 192 bits, and ten thousand devices that reconnect within a minute would queue behind it.
 */
import { createHash, timingSafeEqual } from 'node:crypto'

export type RandomBytes = (size: number) => Uint8Array

const secretBytes = 24
const saltBytes = 16

export const makeSecret = (randomBytes: RandomBytes): string =>
  randomBytes(secretBytes).toBase64({ alphabet: 'base64url', omitPadding: true })

/** Salt and hash in one: what is stored. */
export const sealSecret = (secret: string, randomBytes: RandomBytes): Uint8Array => {
  const salt = randomBytes(saltBytes)
  return Buffer.concat([salt, digest(salt, Buffer.from(secret))])
}

/** Stands in for whoever has none, so that a wrong name takes as long as a wrong secret. No secret hashes to zeros. */
const nobody = new Uint8Array(saltBytes + 32)

export const opensSeal = (seal: Uint8Array | undefined, secret: Uint8Array): boolean => {
  const sealed = seal ?? nobody
  const salt = sealed.subarray(0, saltBytes)
  return timingSafeEqual(digest(salt, secret), sealed.subarray(saltBytes))
}

const digest = (salt: Uint8Array, secret: Uint8Array): Uint8Array =>
  createHash('sha256').update(salt).update(secret).digest()
