/** A journal that has seen years: closed alarms, and among them a few that are still open. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { journalFileName, migrate } from '../../gateway/journal/sqlite/schema.ts'
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

/** All that happened to one alarm, as one append. */
const lifeOf = (number: number): WriteCommand => {
  const device = `btn-${number % devices}`
  const raised = raise(`alarm-${String(number).padStart(9, '0')}`, {
    device,
    points: [`sp-${number % points}`, `sp-${(number + 1) % points}`],
    receivedAt: sampleTime + number * betweenAlarmsMs,
  })
  const rest = follow(raised.alarm, acknowledged, resolved, followedUp, closed)
  const inbox = message(device, raised.alarm.id, { receivedAt: raised.recordedAt })
  return number % openEvery === 0
    ? { append: { ...raised, inbox } }
    : { append: { ...raised, inbox, alarm: rest.alarm, events: [...raised.events, ...rest.events] } }
}

/** A new journal of about `entries` entries in `directory`. All its deliveries are still pending on open alarms only. */
export const writeBigJournal = async (directory: string, entries: number): Promise<void> => {
  await mkdir(directory, { recursive: true })
  const database = openDatabase(join(directory, journalFileName), { durability: 'normal' })
  migrate(database)
  const writer = createWriter(database)
  const alarms = Math.ceil(entries / entriesPerAlarm)
  for (let start = 0; start < alarms; start += alarmsPerCommit) {
    const count = Math.min(alarmsPerCommit, alarms - start)
    const refused = writer
      .apply(Array.from({ length: count }, (_, index) => lifeOf(start + index)))
      .find(result => !result.ok)
    if (refused) throw new Error(`not written: ${JSON.stringify(refused)}`)
  }
  database.close()
}
