/** Reads the QR codes of a printed sheet, as a camera would: from what is black on it. */
import decodeQR from 'qr/decode.js'

const pixelsPerModule = 4
/** Of the largest code on a label, with its margin. */
const side = 41 * pixelsPerModule
const channels = 4

/** A path of squares, one a black module, each beginning where the one before began. */
const module = /([Mm])(-?\d+)[ ,]?(-?\d+)h1v1[Hh]-?\d+[Zz]/g

const imageOf = (path: string) => {
  const data = new Uint8Array(side * side * channels).fill(255)
  let [x, y] = [0, 0]
  for (const [, kind, dx, dy] of path.matchAll(module)) {
    const [left, up] = kind === 'M' ? [0, 0] : [x, y]
    ;[x, y] = [left + Number(dx), up + Number(dy)]
    for (let row = y * pixelsPerModule; row < (y + 1) * pixelsPerModule; row += 1) {
      const start = (row * side + x * pixelsPerModule) * channels
      data.fill(0, start, start + pixelsPerModule * channels)
    }
  }
  return { width: side, height: side, data }
}

export const readPrintedCodes = (html: string): string[] =>
  [...html.matchAll(/<path d="([^"]+)"/g)].map(([, path = '']) => decodeQR(imageOf(path)))
