import { expect, it } from 'vitest'
import { createMemoryJournal } from '../../../gateway/journal/memory.ts'
import { message, raise } from '../../support/alarm-samples.ts'

it('the journal in memory refuses every write while it is set unwritable, and changes nothing', async () => {
  const journal = createMemoryJournal()
  const heard: unknown[] = []
  journal.onHealth(health => heard.push(health))
  const full = { writable: false, detail: 'disk full' }
  journal.setHealth(full)
  journal.setHealth({ ...full })
  const unavailable = { ok: false, why: 'unavailable', detail: 'disk full' }
  expect(await journal.append(raise('a'))).toEqual(unavailable)
  expect(await journal.keep(message('btn-1', '1'))).toEqual(unavailable)
  expect(await journal.settle([])).toBe(false)
  expect(journal.head().seq).toBe(0)
  journal.setHealth({ writable: true })
  expect(await journal.append(raise('a'))).toMatchObject({ ok: true })
  expect(heard).toEqual([full, { writable: true }])
})
