/** A process that appends is killed again and again; after each time all that it had reported must be there, once. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect } from 'vitest'
import { createReader } from '../../../gateway/journal/sqlite/reader.ts'
import { journalFileName } from '../../../gateway/journal/sqlite/schema.ts'
import { verifyJournal } from '../../../gateway/journal/verify.ts'
import { openDatabase } from '../../../gateway/kit/sqlite.ts'

/** Lets a process append until it has reported `lines` appends, kills it, and answers all that it had reported. */
const appendUntilKilled = async (
  directory: string,
  run: number,
  lines: number,
): Promise<readonly string[]> => {
  const script = new URL('./appender.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [script, directory, String(run)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const reported: string[] = []
  const exited = once(child, 'exit')
  for await (const line of createInterface({ input: child.stdout })) {
    reported.push(line)
    if (reported.length === lines) child.kill('SIGKILL')
  }
  expect(await exited).toEqual([null, 'SIGKILL'])
  return reported
}

export const appendThroughKills = async (directory: string, kills: number): Promise<void> => {
  const acknowledged: string[] = []
  for (let run = 0; run < kills; run += 1) {
    // Early and late in the life of the log, and at moments of the loop that nobody chose.
    acknowledged.push(...(await appendUntilKilled(directory, run, 1 + ((run * 37) % 200))))
    const database = openDatabase(join(directory, journalFileName), { readOnly: true, durability: 'full' })
    const reader = createReader(database)
    const entries = reader.entriesAfter(0, 1_000_000)
    expect(entries.map(entry => entry.seq)).toEqual(entries.map((_, index) => index + 1))
    const raised = entries.filter(entry => entry.event.type === 'raised').map((entry): string => entry.alarm)
    expect(new Set(raised).size).toBe(raised.length)
    expect(acknowledged.filter(id => !raised.includes(id))).toEqual([])
    expect(reader.withoutDeadline()).toEqual([])
    expect(await verifyJournal(directory, () => undefined)).toMatchObject({
      ok: true,
      entries: entries.length,
      head: reader.head(),
    })
    database.close()
  }
  expect(acknowledged.length).toBeGreaterThan(kills)
}
