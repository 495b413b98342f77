/** Names and contents are on disk only when they were synced: a file with its bytes, a directory with its names. */
import { open } from 'node:fs/promises'

export const syncToDisk = async (path: string): Promise<void> => {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
