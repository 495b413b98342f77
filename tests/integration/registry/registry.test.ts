import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../../gateway/kit/sqlite.ts'
import { DeviceId } from '../../../gateway/model/ids.ts'
import { tables } from '../../../gateway/model/records.ts'
import { openRegistry } from '../../../gateway/registry/registry.ts'
import { createTestVault } from '../../support/test-vault.ts'
import { town } from '../../unit/registry/town.ts'

const vault = createTestVault()
let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'anling-registry-'))
})
afterEach(() => {
  rmSync(directory, { recursive: true })
})

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const besides = (work: (database: Database) => void): void => {
  const database = openDatabase(join(directory, 'registry.db'), { durability: 'full' })
  work(database)
  database.close()
}

describe('on disk', () => {
  test('everything is there again after a restart, secrets too, and none of them in clear', async () => {
    const first = await openRegistry({ directory, vault })
    const { secrets } = await first.importDocument(town)
    await first.patch('residents', 'r-2', { phone: '0412' })
    const before = tables.map(table => first.list(table, { limit: 100 }).items)
    await first.close()

    const second = await openRegistry({ directory, vault })
    expect(tables.map(table => second.list(table, { limit: 100 }).items)).toEqual(before)
    const made = secrets[0]?.secret ?? ''
    expect(second.checkSecret({ device: DeviceId.parse('btn-2') }, bytes(made))).toBe(true)
    expect(second.checkSecret({ device: DeviceId.parse('btn-1') }, bytes('button secret'))).toBe(true)
    expect((await second.importDocument(town)).secrets).toEqual([])
    await second.close()

    besides(database => {
      const rows = JSON.stringify(database.prepare('SELECT *, CAST(sealed AS TEXT) FROM record').all())
      expect(rows).toContain('btn-2')
      for (const secret of [made, 'button secret', 'terminal secret']) expect(rows).not.toContain(secret)
    })
  })

  test('a change is in the file before it is answered', async () => {
    const registry = await openRegistry({ directory, vault })
    await registry.importDocument(town)
    besides(database => {
      expect(database.prepare('SELECT count(*) AS count FROM record').get()).toEqual({ count: 12 })
    })
    await registry.close()
  })

  test('a disk that refuses is told, changes nothing in memory, and heals without a restart', async () => {
    const registry = await openRegistry({ directory, vault })
    await registry.importDocument(town)
    besides(database =>
      database.exec(
        `CREATE TRIGGER full BEFORE INSERT ON record BEGIN SELECT RAISE(ABORT, 'disk is full'); END`,
      ),
    )
    const before = registry.get('homes', 'h-1')
    expect(await registry.patch('homes', 'h-1', { doorNote: 'x' })).toMatchObject({
      refused: 'journal-unavailable',
      detail: expect.stringContaining('disk is full'),
    })
    const { imported, rejected, secrets } = await registry.importDocument({
      areas: town.areas,
      devices: [{ id: 'new', model: 'm' }],
    })
    expect(rejected).toMatchObject([{ table: 'devices', row: 0, id: 'new', code: 'journal-unavailable' }])
    expect(imported).toMatchObject({ areas: 3, devices: 0 })
    expect(secrets).toEqual([])
    expect(registry.get('homes', 'h-1')).toEqual(before)
    expect(registry.get('devices', 'new')).toBeUndefined()

    besides(database => database.exec('DROP TRIGGER full'))
    expect(await registry.patch('homes', 'h-1', { doorNote: 'x' })).toHaveProperty('record')
    await registry.close()
  })

  test('one record that cannot be read is left out and named, the others are there', async () => {
    const first = await openRegistry({ directory, vault })
    await first.importDocument(town)
    await first.close()
    besides(database => database.exec(`UPDATE record SET data = '{"id":5}' WHERE id = 'r-1'`))
    const named: object[] = []
    const second = await openRegistry({ directory, vault, log: { warn: facts => named.push(facts) } })
    expect(named).toMatchObject([{ kind: 'residents', id: 'r-1' }])
    expect([...second.all('residents')].map(({ id }) => id)).toEqual(['r-2'])
    await second.close()
  })

  test('a file of a later version is not touched', async () => {
    await (await openRegistry({ directory, vault })).close()
    besides(database => database.exec('PRAGMA user_version = 99'))
    await expect(openRegistry({ directory, vault })).rejects.toThrow('later version')
  })
})

describe('10,000 rows', () => {
  const count = 10_000
  const homes = Array.from({ length: count }, (_, index) => ({
    id: `home-${index}`,
    address: `铁东区 ${index} 号`,
    area: index === 4_000 ? 'nowhere' : 'tiedong',
    position: { lat: 41 + index / 100_000, lon: 123, datum: 'GCJ02' },
  }))

  /** How often others got their turn while the import ran. */
  const turnsDuring = async (work: Promise<unknown>): Promise<number> => {
    let turns = 0
    let running = true
    const count = (): void => {
      turns += 1
      if (running) setImmediate(count)
    }
    setImmediate(count)
    await work
    running = false
    return turns
  }

  test('land while others go on with their work, and single changes go in between', async () => {
    const registry = await openRegistry({ directory, vault })
    await registry.importDocument(town)
    const running = registry.importDocument({ homes })
    const single = registry.create('areas', { id: 'in-between', name: 'x', level: 'city' })
    expect(await Promise.race([single.then(() => 'single'), running.then(() => 'import')])).toBe('single')
    expect(await turnsDuring(running)).toBeGreaterThan(20)
    const { imported, rejected } = await running
    expect(imported.homes).toBe(count - 1)
    expect(rejected).toMatchObject([{ row: 4_000, code: 'unknown-reference' }])
    await registry.close()
  })

  test('as CSV do too', async () => {
    const registry = await openRegistry({ directory, vault })
    await registry.importDocument(town)
    const lines = homes.map(({ id, address, area }) => `${id},${address},${area}`)
    const running = registry.importCsv('homes', Buffer.from(['id,address,area', ...lines].join('\n')))
    expect(await turnsDuring(running)).toBeGreaterThan(20)
    expect((await running).imported.homes).toBe(count - 1)
    await registry.close()
  })

  test('that are still coming when the registry closes are refused by name', async () => {
    const registry = await openRegistry({ directory, vault })
    await registry.importDocument(town)
    const running = registry.importDocument({ homes })
    await new Promise<void>(resolve => {
      const stop = registry.onChange(() => {
        stop()
        resolve()
      })
    })
    await registry.close()
    const { imported, rejected } = await running
    expect(imported.homes).toBeGreaterThan(0)
    expect(imported.homes + rejected.length).toBe(count)
    expect(new Set(rejected.map(({ code }) => code))).toEqual(
      new Set(['journal-unavailable', 'unknown-reference']),
    )
  })
})
