/** Care on a real file that outlives it, with levels that a test sets. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openCare } from '../../../gateway/care/care.ts'
import { openDatabase } from '../../../gateway/kit/sqlite.ts'
import type { By, Care, PresetLevel } from '../../../gateway/model/care.ts'
import type { ResidentId } from '../../../gateway/model/ids.ts'
import { createVirtualClock } from '../../support/virtual-clock.ts'

export const wang: By = { id: 'wang', name: '王芳' }

export const openHouse = () => {
  const directory = mkdtempSync(join(tmpdir(), 'care-'))
  const clock = createVirtualClock(Date.parse('2026-11-21T12:00:00Z'))
  const levels = new Map<ResidentId, PresetLevel>()
  const warnings: object[] = []
  const open = (): Care =>
    openCare({
      directory,
      clock,
      presetOf: resident => levels.get(resident),
      log: { warn: facts => warnings.push(facts) },
    })
  let care = open()
  return {
    clock,
    levels,
    warnings,
    open,
    get care() {
      return care
    },
    /** As after the next start of the gateway. */
    reopen() {
      care.close()
      care = open()
    },
    /** Does to the file what the gateway never does. */
    tamper(statement: string) {
      const database = openDatabase(join(directory, 'care.db'), { durability: 'full' })
      database.exec(statement)
      database.close()
    },
    remove() {
      care.close()
      rmSync(directory, { recursive: true })
    },
  }
}
