/**
 * Password hashes: argon2id (RFC 9106) in the PHC string form. The work runs on the thread pool, one hash at a time, so
 * that a flood of logins takes at most one core from the alarms.
 */
import { argon2, timingSafeEqual } from 'node:crypto'

/** In KiB, passes and lanes. */
export type HashCost = { readonly memory: number; readonly passes: number; readonly parallelism: number }

/** OWASP Password Storage Cheat Sheet: 19 MiB, two passes, one lane. About 25 ms of one core. */
const recommendedCost: HashCost = { memory: 19_456, passes: 2, parallelism: 1 }
const saltBytes = 16
const tagBytes = 32

/** Logins that wait for their hash. Further ones are turned away: they would wait longer than a person does. */
const queueLimit = 32

export type Passwords = {
  /** Undefined when the queue is full. */
  hash(password: string): Promise<string | undefined>
  /** Undefined when the queue is full. An undefined hash takes as long as a real one and never matches. */
  verify(password: string, hash: string | undefined): Promise<boolean | undefined>
}

/** Two ways to type one character are one password (NIST SP 800-63B, 3.1.1.2). */
const normalized = (password: string): string => password.normalize('NFKC')

const derive = (password: string, salt: Uint8Array, cost: HashCost): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    argon2(
      'argon2id',
      { message: normalized(password), nonce: salt, tagLength: tagBytes, ...cost },
      (error, tag) => (error ? reject(error) : resolve(tag)),
    )
  })

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64').replaceAll('=', '')

const format = (cost: HashCost, salt: Uint8Array, tag: Uint8Array): string =>
  `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${base64(salt)}$${base64(tag)}`

const form = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/

const matches = async (password: string, hash: string): Promise<boolean> => {
  const [, memory, passes, parallelism, salt, tag] = form.exec(hash) ?? []
  if (salt === undefined || tag === undefined) throw new Error('a stored password hash is not in PHC form')
  const derived = await derive(password, Buffer.from(salt, 'base64'), {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
  })
  return timingSafeEqual(derived, Buffer.from(tag, 'base64'))
}

/** @param cost of new hashes; a stored one names its own. */
export const createPasswords = (
  randomBytes: (count: number) => Uint8Array,
  cost: HashCost = recommendedCost,
): Passwords => {
  /** What a login under an unknown name is compared with, so that it takes as long as any other. */
  const nobody = format(cost, randomBytes(saltBytes), randomBytes(tagBytes))
  let waiting = 0
  let last: Promise<unknown> = Promise.resolve()

  const inTurn = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    if (waiting >= queueLimit) return undefined
    waiting += 1
    const mine = last.then(work, work)
    last = mine
    try {
      return await mine
    } finally {
      waiting -= 1
    }
  }

  return {
    hash: password =>
      inTurn(async () => {
        const salt = randomBytes(saltBytes)
        return format(cost, salt, await derive(password, salt, cost))
      }),
    verify: (password, hash) =>
      inTurn(async () => (await matches(password, hash ?? nobody)) && hash !== undefined),
  }
}
