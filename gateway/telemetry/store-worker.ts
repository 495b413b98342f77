/** The thread that has the files of the store: all of SQLite happens here, off the thread that takes alarms. */
import { parentPort, workerData } from 'node:worker_threads'
import type { Answer, FromWorker, Question, ToWorker } from '../kit/worker-link.ts'
import { type Command, isCommand, type Replies } from './commands.ts'
import { createDayFiles } from './day-files.ts'
import { eraseDevice } from './erasing.ts'
import { retain } from './retention.ts'
import { readSeries } from './series.ts'
import { createStateFile } from './state-file.ts'
import { createSampleWriter } from './writing.ts'

const directory: string = String(workerData)
const port = parentPort
if (port === null) throw new Error('this file is the start of a worker thread')

const files = createDayFiles(directory)
const write = createSampleWriter(files)
const states = createStateFile(directory)
const underWay = new Set<Promise<void>>()

const carryOut = async (command: Command): Promise<Replies[keyof Replies]> => {
  if ('write' in command) return write(command.write, command.now)
  if ('query' in command) return readSeries(files, command.query)
  if ('retain' in command) return retain(files, directory, command.retain, command.now)
  if ('erase' in command) return eraseDevice(files, command.erase)
  if ('load' in command) return states.load()
  states.save(command.save)
  return { saved: true }
}

const answerTo = async ({ id, text }: Question): Promise<Answer> => {
  try {
    const command: unknown = JSON.parse(text)
    if (!isCommand(command)) throw new Error('not a command of the telemetry store')
    return { id, text: JSON.stringify(await carryOut(command)) }
  } catch (error) {
    return { id, text: error instanceof Error ? error.message : String(error), failed: true }
  }
}

const take = async (question: Question): Promise<void> => {
  const answer = await answerTo(question)
  port.postMessage({ answers: [answer] } satisfies FromWorker)
}

const close = async (): Promise<void> => {
  await Promise.allSettled(underWay)
  files.close()
  states.close()
  port.close()
}

port.on('message', (message: ToWorker) => {
  if (message === 'close') {
    void close()
    return
  }
  for (const question of message) {
    const taken = take(question)
    underWay.add(taken)
    void taken.finally(() => underWay.delete(taken))
  }
})
