import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openDatabase } from '../../../gateway/kit/sqlite.ts'
import { ResidentId } from '../../../gateway/model/ids.ts'
import { tables } from '../../../gateway/model/records.ts'
import { keysOfItems } from '../../../gateway/privacy/items.ts'
import { openPersonal } from '../../../gateway/privacy/personal.ts'
import { keysOfRegistry } from '../../../gateway/registry/needed-keys.ts'
import { openRegistry } from '../../../gateway/registry/registry.ts'
import { openTestVault } from '../../support/privacy.ts'
import { withTemporaryDirectory } from '../../support/temporary-directory.ts'
import { town } from '../../unit/registry/town.ts'

const clock = { now: () => Date.parse('2026-11-22T12:00:00Z') }
const file = {
  phone: '13900001111',
  idNumber: '210303194101010022',
  allergies: '青霉素过敏',
  conditions: '高血压三级',
  medicines: '氨氯地平片',
  bloodType: 'AB+/Rh',
  hearing: 'impaired',
  dialect: '辽东话',
  mobility: '坐轮椅出门',
}
const keyHolder = { name: '赵叔叔', phone: '13700003333' }
const words = [
  ...['王奶奶', '女儿', '铁东区一号', '钥匙在门卫', '41.125678'],
  ...Object.values(file),
  ...Object.values(keyHolder),
]
const registryDocument = {
  ...town,
  homes: town.homes.map(home => ({
    ...home,
    position: { lat: 41.125678, lon: 122.98, datum: 'WGS84' },
    doorNote: '钥匙在门卫',
    keyHolder,
  })),
  residents: town.residents.map(resident => ({ ...resident, ...file })),
}

/** In which files of a directory these bytes stand. */
const filesWith = (directory: string, bytes: Uint8Array | string): readonly string[] =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .filter(path => readFileSync(path).includes(bytes))

const foundWords = (directory: string): readonly string[] =>
  words.filter(word => filesWith(directory, word).length > 0)

/** As the version before wrote it, with the traces of a change in its free pages. */
const writeClearFile = async (directory: string): Promise<void> => {
  const memory = await openRegistry({ directory: ':memory:' })
  await memory.importDocument(registryDocument)
  const database = openDatabase(join(directory, 'registry.db'), { durability: 'full' })
  database.exec(`CREATE TABLE record (
    kind TEXT NOT NULL, id TEXT NOT NULL, data TEXT NOT NULL, sealed BLOB, PRIMARY KEY (kind, id)
  ) STRICT, WITHOUT ROWID; PRAGMA user_version = 1`)
  const insert = database.prepare('INSERT INTO record (kind, id, data) VALUES (?, ?, ?)')
  for (const table of tables)
    for (const record of memory.all(table)) insert.run(table, record.id, JSON.stringify(record))
  for (let index = 0; index < 200; index += 1)
    insert.run('residents', `gone-${index}`, JSON.stringify({ name: '王奶奶', phone: '13900001111' }))
  database.exec(`DELETE FROM record WHERE id LIKE 'gone-%'`)
  database.close()
  await memory.close()
}

describe('the registry at rest', () => {
  test('holds nothing personal in clear, while it is open and after, and reads it all again', () =>
    withTemporaryDirectory(async directory => {
      const keyFile = join(directory, 'keys.json')
      const first = await openRegistry({ directory, vault: openTestVault(keyFile, clock) })
      await first.importDocument(registryDocument)
      await first.patch('residents', 'r-2', { birthYear: 1941 })
      expect(foundWords(directory)).toEqual([])
      const before = tables.map(table => [...first.all(table)])
      await first.close()
      expect(foundWords(directory)).toEqual([])
      expect(filesWith(directory, '铁东站')).not.toEqual([])

      const vault = openTestVault(keyFile, clock)
      expect(keysOfRegistry(directory)).toEqual([vault.currentKey()])
      const second = await openRegistry({ directory, vault })
      expect(tables.map(table => [...second.all(table)])).toEqual(before)
      await second.close()
    }))

  test('from an earlier version is sealed when it is opened, and its clear text is gone from the file', () =>
    withTemporaryDirectory(async directory => {
      await writeClearFile(directory)
      expect(foundWords(directory)).toEqual(words)
      expect(keysOfRegistry(directory)).toEqual([])
      const registry = await openRegistry({
        directory,
        vault: openTestVault(join(directory, 'keys.json'), clock),
      })
      expect(foundWords(directory)).toEqual([])
      expect(registry.get('residents', 'r-1')).toMatchObject({ name: '王奶奶', phone: '13900001111' })
      expect([...registry.all('devices')]).toHaveLength(3)
      await registry.close()
      expect(foundWords(directory)).toEqual([])
    }))

  test('leaves out and names a record whose seal was moved from another', () =>
    withTemporaryDirectory(async directory => {
      const vault = openTestVault(join(directory, 'keys.json'), clock)
      const first = await openRegistry({ directory, vault })
      await first.importDocument(registryDocument)
      await first.close()
      const database = openDatabase(join(directory, 'registry.db'), { durability: 'full' })
      database.exec(
        `UPDATE record SET personal = (SELECT personal FROM record WHERE id = 'r-2') WHERE id = 'r-1'`,
      )
      database.close()
      const named: object[] = []
      const second = await openRegistry({ directory, vault, log: { warn: facts => named.push(facts) } })
      expect(named).toMatchObject([{ kind: 'residents', id: 'r-1' }])
      expect([...second.all('residents')].map(({ id }) => id)).toEqual(['r-2'])
      await second.close()
    }))

  test('takes 10,000 rows', () =>
    withTemporaryDirectory(async directory => {
      const registry = await openRegistry({
        directory,
        vault: openTestVault(join(directory, 'keys.json'), clock),
      })
      await registry.importDocument(town)
      const numbers = Array.from({ length: 5_000 }, (_, index) => index)
      const homes = numbers.map(number => ({
        id: `home-${number}`,
        address: `铁东区 ${number} 号`,
        area: 'tiedong',
      }))
      const residents = numbers.map(number => ({
        id: `many-${number}`,
        home: `home-${number}`,
        name: `王${number}`,
        phone: '13900001111',
        contacts: [{ name: '女儿', phone: '1', order: 1 }],
      }))
      const { imported } = await registry.importDocument({ homes, residents })
      expect(imported).toMatchObject({ homes: 5_000, residents: 5_000 })
      await registry.close()
    }))

  test('of an erased resident holds neither the clear text nor the seal that could be opened', () =>
    withTemporaryDirectory(async directory => {
      const registry = await openRegistry({
        directory,
        vault: openTestVault(join(directory, 'keys.json'), clock),
      })
      await registry.importDocument(registryDocument)
      const seal = sealOf(directory)
      expect(filesWith(directory, seal)).not.toEqual([])
      expect(registry.erase(ResidentId.parse('r-1'), clock.now())).toBeUndefined()
      expect(filesWith(directory, seal.subarray(21))).toEqual([])
      expect(registry.get('residents', 'r-1')).toEqual({
        id: 'r-1',
        home: 'h-1',
        name: '已删除',
        contacts: [],
        erasedAt: '2026-11-22T12:00:00.000Z',
      })
      const { rejected } = await registry.importDocument(registryDocument)
      expect(rejected).toMatchObject([{ table: 'residents', id: 'r-1', code: 'resident-erased' }])
      expect(await registry.patch('residents', 'r-1', { name: '王' })).toMatchObject({
        refused: 'resident-erased',
      })
      await registry.close()
    }))
})

const sealOf = (directory: string): Uint8Array => {
  const database = openDatabase(join(directory, 'registry.db'), { readOnly: true, durability: 'full' })
  const row = database.prepare(`SELECT personal FROM record WHERE id = 'r-1'`).get()
  database.close()
  if (!(row?.['personal'] instanceof Uint8Array)) throw new Error('nothing is sealed')
  return row['personal']
}

describe('papers and consents at rest', () => {
  test('are not in clear, and are gone with their seals when they were erased', () =>
    withTemporaryDirectory(async directory => {
      const vault = openTestVault(join(directory, 'keys.json'), clock)
      const sealed: Uint8Array[] = []
      const watched = {
        ...vault,
        seal(clear: Uint8Array, about: string) {
          const seal = vault.seal(clear, about)
          sealed.push(seal.subarray(21))
          return seal
        },
      }
      const personal = openPersonal({ directory, vault: watched, newId: randomUUID, log: { error() {} } })
      const resident = ResidentId.parse('r-1')
      for (let index = 0; index < 50; index += 1) personal.papers.keep(`王奶奶 ${index}`, { resident }, index)
      personal.papers.keep(new Uint8Array(100_000).fill(7), { resident }, 0)
      expect(foundWords(directory)).toEqual([])
      expect(keysOfItems(directory)).toEqual([vault.currentKey()])
      expect(sealed.flatMap(seal => filesWith(directory, seal.subarray(0, 64)))).not.toEqual([])
      expect(personal.papers.eraseAbout({ resident })).toBe(51)
      expect(sealed.flatMap(seal => filesWith(directory, seal.subarray(0, 64)))).toEqual([])
      personal.close()
    }))
})
