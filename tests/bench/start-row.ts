/** From nothing to `ready` on a journal that has seen years. */
import { writeBigJournal } from '../support/big-journal.ts'
import { startGateway } from '../support/gateway-process.ts'
import { withTemporaryDirectory } from '../support/temporary-directory.ts'

export type Start = { readonly entries: number; readonly startedInMs: number }

export const measureStart = (entries: number): Promise<Start> =>
  withTemporaryDirectory(async directory => {
    await writeBigJournal(directory, entries)
    const gateway = await startGateway({ directory })
    await gateway.stop()
    return { entries, startedInMs: gateway.startedInMs }
  })
