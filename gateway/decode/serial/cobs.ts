/** Consistent overhead byte stuffing (Cheshire and Baker, 1999): bytes without a zero, so that a zero can end a frame. */

/** A code says how many bytes follow before the next zero, itself included; this one says that no zero follows. */
const fullCode = 0xff

/** Undefined: a code points past the end. `encoded` must hold no zero: that is what ended it. */
export const decodeCobs = (encoded: Uint8Array): Uint8Array | undefined => {
  const decoded = new Uint8Array(encoded.length)
  let length = 0
  let code = fullCode
  for (let at = 0; at < encoded.length; ) {
    if (code < fullCode) length += 1
    code = encoded[at] ?? 0
    const end = at + code
    if (end > encoded.length) return undefined
    for (at += 1; at < end; at += 1, length += 1) decoded[length] = encoded[at] ?? 0
  }
  return decoded.subarray(0, length)
}

/** Without the zero that ends the frame. */
export const encodeCobs = (bytes: Uint8Array): Uint8Array => {
  const encoded = [1]
  let codeAt = 0
  let code = 1
  const close = () => {
    encoded[codeAt] = code
    codeAt = encoded.push(1) - 1
    code = 1
  }
  for (const byte of bytes) {
    if (code === fullCode) close()
    if (byte === 0) close()
    else code = encoded.push(byte) - codeAt
  }
  encoded[codeAt] = code
  return Uint8Array.from(encoded)
}
