/**
 * Room for the write-ahead log, made before it is needed: an fsync that must also record that a file has grown takes
 * about twice as long (0.25 against 0.14 ms on ext4). SQLite takes zeros behind the last frame for what they are.
 */
import { closeSync, fstatSync, fsyncSync, openSync, statfsSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

const roomBytes = 16 * 1024 * 1024
/** A disk that has less left than so many times the room has better use for it. */
const leastFree = 20
const chunk = new Uint8Array(1024 * 1024)

const freeBytes = (directory: string): number => {
  const { bavail, bsize } = statfsSync(directory)
  return bavail * bsize
}

/** On a disk that is short of room, or cannot be written, it does nothing: whoever opens the journal finds that out. */
export const makeRoom = (logPath: string): void => {
  try {
    if (freeBytes(dirname(logPath)) < leastFree * roomBytes) return
    const file = openSync(logPath, 'a')
    try {
      for (let size = fstatSync(file).size; size < roomBytes; size += chunk.length) {
        writeSync(file, chunk, 0, Math.min(chunk.length, roomBytes - size))
      }
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
  } catch {}
}
