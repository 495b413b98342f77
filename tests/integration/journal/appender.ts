/** Appends alarms until it is killed, several at a time, and writes the id of each as soon as it is acknowledged. */
import { writeSync } from 'node:fs'
import { openSqliteJournal } from '../../../gateway/journal/sqlite/adapter.ts'
import { message, raise } from '../../support/alarm-samples.ts'

const [directory = '', run = ''] = process.argv.slice(2)
const inFlight = 8
const journal = await openSqliteJournal({ directory })

const appendForever = async (lane: number): Promise<never> => {
  for (let number = 0; ; number += 1) {
    const id = `run-${run}-${lane}-${number}`
    const request = raise(id, { device: `btn-${lane}` })
    const result = await journal.append({ ...request, inbox: message(`btn-${lane}`, id) })
    if (!result.ok) throw new Error(`${id}: ${result.why}`)
    writeSync(process.stdout.fd, `${id}\n`)
    // Not waited for: outcomes of deliveries share the log with the appends.
    void journal.settle(request.deliveries.map(({ id }) => ({ id, state: 'delivered', attempts: 1 })))
  }
}

await Promise.all(Array.from({ length: inFlight }, (_, lane) => appendForever(lane)))
