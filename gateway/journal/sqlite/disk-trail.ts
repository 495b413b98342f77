/** The audit trail on disk: its entries go into the commits of the journal's writer, behind the calls. */
import type { Head } from '../../model/journal.ts'
import type { Trail } from '../../model/trail.ts'
import type { Bug, Recorded, WriteCommand } from './writer.ts'

/** So many entries may wait for their commit. One more is not taken, so that they never stand in the way of calls. */
const maxWaiting = 1_000

type Ports = {
  readonly write: (command: WriteCommand) => Promise<string>
  readonly search: Trail['search']
  /** As it is in the file now. */
  readonly head: Head
}

export const createDiskTrail = ({ write, search, head: stored }: Ports): Trail => {
  let waiting = 0
  let head = stored

  return {
    record: async entry => {
      if (waiting >= maxWaiting) return false
      waiting += 1
      const answer = await write({ trail: entry }).finally(() => {
        waiting -= 1
      })
      const result: Recorded | Bug | { readonly ok: false; readonly why: 'unavailable' } = JSON.parse(answer)
      if (result.ok) head = result.head
      else if (result.why === 'bug') throw new Error(result.detail)
      return result.ok
    },
    search,
    head: () => head,
  }
}
