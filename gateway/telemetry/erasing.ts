/** Lets go of everything that one device has measured, on the thread that has the files. */
import { setImmediate as breathe } from 'node:timers/promises'
import { deleteSecurely } from '../kit/scrub.ts'
import type { DeviceId } from '../model/ids.ts'
import type { DayFiles } from './day-files.ts'

/** Throws when the disk refuses; the days before are done then. Commits go on between two files. */
export const eraseDevice = async (files: DayFiles, device: DeviceId): Promise<{ readonly erased: true }> => {
  for (const day of files.days()) {
    // It may have been let go of meanwhile.
    if (!files.has(day)) continue
    const database = files.open(day)
    deleteSecurely(database)
    database.prepare('DELETE FROM samples WHERE device = ?').run(device)
    await breathe()
  }
  files.settle()
  return { erased: true }
}
