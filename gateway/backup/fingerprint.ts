/** Size and SHA-256 of a file, read a piece at a time. */
import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'

const pieceBytes = 1024 * 1024

/** @param between runs after each piece */
export const fingerprintOf = (
  path: string,
  between: () => void = () => {},
): { readonly bytes: number; readonly sha256: string } => {
  const hash = createHash('sha256')
  const piece = new Uint8Array(pieceBytes)
  const file = openSync(path, 'r')
  try {
    let bytes = 0
    for (let count = readSync(file, piece); count > 0; count = readSync(file, piece)) {
      hash.update(piece.subarray(0, count))
      bytes += count
      between()
    }
    return { bytes, sha256: hash.digest('hex') }
  } finally {
    closeSync(file)
  }
}
