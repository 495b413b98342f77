/** From nothing to `ready` on a journal that has seen years. */
import { writeBigJournal } from '../support/big-journal.ts'
import { startGateway } from '../support/gateway-process.ts'
import { withScratch } from './scratch.ts'

export type Start = { readonly entries: number; readonly startedInMs: number }

export const measureStart = (entries: number): Promise<Start> =>
  withScratch(async directory => {
    await writeBigJournal(directory, entries)
    const gateway = await startGateway({ directory })
    await gateway.stop()
    return { entries, startedInMs: gateway.startedInMs }
  })
