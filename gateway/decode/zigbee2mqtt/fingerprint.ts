/** A number of 53 bits that two different messages hardly ever share: cyrb53, public domain. Not for secrets. */
export const fingerprintOf = (bytes: Uint8Array): number => {
  let high = 0xdeadbeef
  let low = 0x41c6ce57
  for (const byte of bytes) {
    high = Math.imul(high ^ byte, 2_654_435_761)
    low = Math.imul(low ^ byte, 1_597_334_677)
  }
  const mix = (a: number, b: number): number =>
    Math.imul(a ^ (a >>> 16), 2_246_822_507) ^ Math.imul(b ^ (b >>> 13), 3_266_489_909)
  return 2 ** 32 * (2_097_151 & mix(low, high)) + (mix(high, low) >>> 0)
}
