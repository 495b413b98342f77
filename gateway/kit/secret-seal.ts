/**
 * Random secrets of devices and terminals, and claim codes: made here, shown once, kept as salted SHA-256. A slow hash such
 * as argon2 would add nothing to a random secret of 192 bits, and ten thousand devices that reconnect within a minute would
 * queue behind it. A device has a second secret beside the first from when it is offered a new one until it uses it.
 */
import { createHash, timingSafeEqual } from 'node:crypto'

export type RandomBytes = (size: number) => Uint8Array

const secretBytes = 24
const saltBytes = 16
const sealBytes = saltBytes + 32

export const makeSecret = (randomBytes: RandomBytes): string =>
  randomBytes(secretBytes).toBase64({ alphabet: 'base64url', omitPadding: true })

/** Salt and hash in one: what is stored. */
export const sealSecret = (secret: string, randomBytes: RandomBytes): Uint8Array => {
  const salt = randomBytes(saltBytes)
  return Buffer.concat([salt, digest(salt, Buffer.from(secret))])
}

/** Stands in for whoever has none, so that a wrong name takes as long as a wrong secret. No secret hashes to zeros. */
const nobody = new Uint8Array(sealBytes)

/** The first secret. */
export const opensSeal = (seal: Uint8Array | undefined, secret: Uint8Array): boolean => {
  const sealed = seal ?? nobody
  const salt = sealed.subarray(0, saltBytes)
  return timingSafeEqual(digest(salt, secret), sealed.subarray(saltBytes, sealBytes))
}

/** The seal of the second secret, where there is one. */
export const secondOf = (seal: Uint8Array | undefined): Uint8Array | undefined =>
  seal && seal.length > sealBytes ? seal.subarray(sealBytes) : undefined

/** The first of `second` takes the place of the second that was there before. */
export const withSecond = (seal: Uint8Array | undefined, second: Uint8Array): Uint8Array =>
  Buffer.concat([(seal ?? nobody).subarray(0, sealBytes), second.subarray(0, sealBytes)])

const digest = (salt: Uint8Array, secret: Uint8Array): Uint8Array =>
  createHash('sha256').update(salt).update(secret).digest()
