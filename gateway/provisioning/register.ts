/** Devices by the box: each begins a life, and gets its claim code. */
import { setImmediate } from 'node:timers/promises'
import type { By, Provisioning } from '../model/provisioning.ts'
import type { RejectedRow } from '../model/records.ts'
import type { Registry } from '../model/registry.ts'
import type { Book } from './book.ts'
import type { ClaimCodes } from './claim-codes.ts'

/** Written together; calls go between the slices. */
const slice = 100

type Ports = { readonly book: Book; readonly codes: ClaimCodes; readonly registry: Registry }
type Registered = Awaited<ReturnType<Provisioning['register']>>

export const register = async (
  { book, codes, registry }: Ports,
  given: unknown,
  by: By,
): Promise<Registered> => {
  const { added, rejected } = await registry.registerDevices(given)
  const made: Registered['codes'][number][] = []
  const unwritten: RejectedRow[] = []
  for (let start = 0; start < added.length; start += slice) {
    await setImmediate()
    const rows = added.slice(start, start + slice).map(({ row, record }) => {
      const { made: code, seal } = codes.make(record.id)
      return {
        row,
        code: { ...code, model: record.model },
        change: book.plan(record.id, { type: 'register', until: code.until }, seal),
      }
    })
    const changes = rows.flatMap(({ change }) => ('refused' in change ? [] : [change]))
    const refused = book.write(changes, by)
    for (const { row, code, change } of rows) {
      const problem = 'refused' in change ? change : refused
      if (!problem) made.push(code)
      else
        unwritten.push({
          table: 'devices',
          row,
          id: code.device,
          field: null,
          code: problem.refused,
          message: 'it is registered, but has no claim code: have one made for it',
          messageZh: '已登记，但没有领用码：请为它补发一个',
        })
    }
  }
  return { codes: made, rejected: [...rejected, ...unwritten] }
}
