/** The port to small states, on the store's thread. */
import { existsSync } from 'node:fs'
import type { States } from '../model/states.ts'
import { stateFilePath } from './state-file.ts'
import type { StoreThread } from './store-thread.ts'

export const createStates = (directory: string, thread: StoreThread): States => ({
  load: async () => {
    // Where nothing was ever saved there is no reason to start the thread.
    if (!existsSync(stateFilePath(directory))) return new Map()
    try {
      return new Map(await thread.ask('load', { load: true }))
    } catch (error) {
      // Calls must come through all the same: what rules remembered is not worth a gateway that does not start.
      thread.complain(error, 'states cannot be read: detection begins anew')
      return new Map()
    }
  },
  save: async changes => {
    if (changes.size === 0) return true
    try {
      return (await thread.ask('save', { save: [...changes] })).saved
    } catch (error) {
      thread.complain(error, 'states cannot be saved')
      return false
    }
  },
})
