/** Random secrets and their stored form. They are long and random, so a plain hash guards them: nothing to guess. */
import { hash } from 'node:crypto'

/** 256 bits. */
const secretBytes = 32

export const newSecret = (randomBytes: (count: number) => Uint8Array): string =>
  Buffer.from(randomBytes(secretBytes)).toString('base64url')

export const hashOf = (secret: string): string => hash('sha256', secret, 'hex')
