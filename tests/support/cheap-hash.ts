import type { HashCost } from '../../gateway/access/passwords.ts'

/** The least that argon2id can do: hundreds of tests log in, and passwords.test.ts holds the real cost. */
export const cheapHash: HashCost = { memory: 8, passes: 1, parallelism: 1 }
