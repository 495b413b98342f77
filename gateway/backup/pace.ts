/** For a thread that has time: it rests as long as it has worked, so that calls have the disk and a core. */

/** However long one step took, the rest ends. */
const longestRestMs = 500

const asleep = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))

/** Stops its thread at each call for as long as it went on since the last one. */
export const createPace = (): (() => void) => {
  let since = performance.now()
  return () => {
    Atomics.wait(asleep, 0, 0, Math.min(performance.now() - since, longestRestMs))
    since = performance.now()
  }
}
