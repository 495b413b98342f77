/** Access on a real file or in memory, on virtual time, closed after each test. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type OpenAccess, openAccess } from '../../../gateway/access/access.ts'
import type { Principal } from '../../../gateway/model/access.ts'
import type { Scope } from '../../../gateway/model/scope.ts'
import { cheapHash } from '../../support/cheap-hash.ts'
import { createTestVault, type TestVault } from '../../support/test-vault.ts'
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock.ts'

export const hourMs = 3_600_000
export const password = 'the first password'

export const newDirectory = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'access-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  return directory
}

export type Opened = {
  access: OpenAccess
  clock: VirtualClock
  vault: TestVault
  warnings: string[]
  /** What the log was told of refused logins. */
  refusals: object[]
  close(): void
}

type Given = {
  directory?: string
  password?: string
  clock?: VirtualClock
  vault?: TestVault
  scopeExists?: (scope: Scope) => boolean
}

export const open = async (given: Given = {}): Promise<Opened> => {
  const clock = given.clock ?? createVirtualClock(1_700_000_000_000)
  const vault = given.vault ?? createTestVault()
  const warnings: string[] = []
  const refusals: object[] = []
  const access = await openAccess({
    directory: given.directory ?? ':memory:',
    clock,
    randomBytes,
    limits: { idleMs: 12 * hourMs, absoluteMs: 24 * hourMs },
    vault,
    hashCost: cheapHash,
    scopeExists: given.scopeExists ?? (() => true),
    ...(given.password !== undefined && { initialAdminPassword: given.password }),
    log: {
      info: facts => refusals.push(facts),
      warn: (_facts, message) => warnings.push(message),
    },
  })
  let isOpen = true
  const close = (): void => {
    if (isOpen) access.close()
    isOpen = false
  }
  onTestFinished(close)
  return { access, clock, vault, warnings, refusals, close }
}

export const from = (username: string, given = password) => ({
  username,
  password: given,
  address: '10.0.0.1',
})

export const logIn = async (access: OpenAccess, username = 'admin', given = password): Promise<string> => {
  const login = await access.login(from(username, given))
  if ('refused' in login) throw new Error(login.refused)
  return login.secret
}

export const who = (access: OpenAccess, session: string): Principal | undefined =>
  access.authenticate({ session })?.principal
