import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { KeyRing } from '../../../gateway/model/vault.ts'
import { openVault } from '../../../gateway/privacy/vault.ts'
import { withTemporaryDirectory } from '../../support/temporary-directory.ts'

const clock = { now: () => Date.parse('2026-11-22T12:00:00Z') }

const withFile = (
  work: (at: {
    file: string
    warnings: string[]
    open: (neededKeys?: string[]) => ReturnType<typeof openVault>
  }) => void,
) =>
  withTemporaryDirectory(async directory => {
    const file = join(directory, 'keys.json')
    const warnings: string[] = []
    const log = { warn: (_: object, message: string) => warnings.push(message) }
    work({
      file,
      warnings,
      open: (neededKeys = []) => openVault({ file, randomBytes, neededKeys, clock, log }),
    })
  })

const vaultIn = (opened: ReturnType<typeof openVault>): KeyRing => {
  if ('problem' in opened) throw new Error(opened.problem)
  return opened.vault
}
const problemIn = (opened: ReturnType<typeof openVault>): string =>
  'problem' in opened ? opened.problem : 'none'

const clear = Buffer.from('王奶奶')

describe('the key file', () => {
  test('is made at the first start, for its owner only, and read at the next', () =>
    withFile(({ file, warnings, open }) => {
      const sealed = vaultIn(open()).seal(clear, 'a')
      expect(statSync(file).mode & 0o777).toBe(0o600)
      expect(readdirSync(join(file, '..'))).toEqual(['keys.json'])
      const again = vaultIn(open())
      expect(Buffer.from(again.open(sealed, 'a'))).toEqual(clear)
      expect(again.keys()).toEqual([{ id: again.currentKey(), createdAt: clock.now(), current: true }])
      expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
        current: again.currentKey(),
        keys: [{ id: again.currentKey(), key: expect.any(String), createdAt: '2026-11-22T12:00:00.000Z' }],
      })
      expect(warnings).toEqual([])
    }))

  test('is never made anew where data waits for it: the problem names the file and the keys', () =>
    withFile(({ file, open }) => {
      const problem = problemIn(open(['k0000002', 'k0000001', 'k0000001']))
      expect(problem).toContain(file)
      expect(problem).toContain('k0000001, k0000002')
      expect(existsSync(file)).toBe(false)
    }))

  test('that lacks a key which data is sealed with is named, with the key', () =>
    withFile(({ file, open }) => {
      const { id = '' } = vaultIn(open()).keys()[0] ?? {}
      const before = readFileSync(file, 'utf8')
      const problem = problemIn(open([id, 'k0000001']))
      expect(problem).toContain(file)
      expect(problem).toContain('k0000001')
      expect(problem).not.toContain(id)
      expect(readFileSync(file, 'utf8')).toBe(before)
    }))

  test.each([
    ['is empty', ''],
    ['is cut short', '{"current":"k0000001","keys":[{"id":"k0000001","key":"c2Vj'],
    ['has a key that is too short', '{"current":"k1","keys":[{"id":"k1","key":"c2VjcmV0","createdAt":""}]}'],
    ['names a current key that is not in it', '{"current":"k0000001","keys":[]}'],
  ])('that %s is a problem that names the file and shows nothing of it', (_, content) =>
    withFile(({ file, open }) => {
      writeFileSync(file, content, { mode: 0o600 })
      const problem = problemIn(open())
      expect(problem).toContain(`the key file ${file} is broken`)
      expect(problem).not.toContain('c2Vj')
      expect(readFileSync(file, 'utf8')).toBe(content)
    }),
  )

  test('that others can read is warned of, and used', () =>
    withFile(({ file, warnings, open }) => {
      vaultIn(open())
      chmodSync(file, 0o644)
      vaultIn(open())
      expect(warnings).toEqual(['the key file can be read by others than its owner: chmod 600'])
    }))

  test('has the new key on disk before anything is sealed with it, and the old one until it is retired', () =>
    withFile(({ open }) => {
      const vault = vaultIn(open())
      const old = vault.currentKey()
      const sealed = vault.seal(clear, 'a')
      vault.rotate()
      const fresh = vault.seal(clear, 'a')
      expect(vault.keyOf(fresh)).toBe(vault.currentKey())
      const restarted = vaultIn(open([old, vault.currentKey()]))
      expect(restarted.currentKey()).toBe(vault.currentKey())
      for (const seal of [sealed, fresh]) expect(Buffer.from(restarted.open(seal, 'a'))).toEqual(clear)
      vault.retire([old, vault.currentKey()])
      expect(vault.keys().map(({ id }) => id)).toEqual([vault.currentKey()])
      expect(() => vault.open(sealed, 'a')).toThrow(`the key ${old} is not in`)
      expect(problemIn(open([old]))).toContain(old)
    }))
})
