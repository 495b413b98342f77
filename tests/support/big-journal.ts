/** A journal that has seen years: closed alarms, and among them a few that are still open. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { journalFileName, migrate, pageBytes } from '../../gateway/journal/sqlite/schema.ts'
import { createWriter, type WriteCommand } from '../../gateway/journal/sqlite/writer.ts'
import { openDatabase } from '../../gateway/kit/sqlite.ts'
import {
  acknowledged,
  closed,
  follow,
  followedUp,
  message,
  raise,
  resolved,
  sampleTime,
} from './alarm-samples.ts'

const entriesPerAlarm = 6
const devices = 10_000
const points = 200
/** One alarm in so many is still open. */
const openEvery = 1_000
const alarmsPerCommit = 2_000
const betweenAlarmsMs = 60_000

/** All that happened to one alarm that was received so long before `sampleTime`, as one append. */
const lifeOf = (number: number, agoMs: number): readonly WriteCommand[] => {
  const device = `btn-${number % devices}`
  const raised = raise(`alarm-${String(number).padStart(9, '0')}`, {
    device,
    points: [`sp-${number % points}`, `sp-${(number + 1) % points}`],
    receivedAt: sampleTime - agoMs,
  })
  const inbox = message(device, raised.alarm.id, { receivedAt: raised.recordedAt })
  if (number % openEvery === 0) return [{ append: { ...raised, inbox } }]
  const { alarm, events } = follow(raised.alarm, acknowledged, resolved, followedUp, closed)
  return [
    { append: { ...raised, inbox, alarm, events: [...raised.events, ...events] } },
    { settle: raised.deliveries.map(({ id }) => ({ id, state: 'delivered', attempts: 1 })) },
  ]
}

/** A new journal of about `entries` entries in `directory`. Only what is owed for open alarms is still owed. */
export const writeBigJournal = async (directory: string, entries: number): Promise<void> => {
  await mkdir(directory, { recursive: true })
  const database = openDatabase(join(directory, journalFileName), { durability: 'normal', pageBytes })
  migrate(database)
  const writer = createWriter(database)
  const alarms = Math.ceil(entries / entriesPerAlarm)
  for (let start = 0; start < alarms; start += alarmsPerCommit) {
    const numbers = Array.from(
      { length: Math.min(alarmsPerCommit, alarms - start) },
      (_, index) => start + index,
    )
    const refused = writer
      .apply(numbers.flatMap(number => lifeOf(number, (alarms - number) * betweenAlarmsMs)))
      .find(result => !result.ok)
    if (refused) throw new Error(`not written: ${JSON.stringify(refused)}`)
  }
  database.close()
}
