import { createHash } from 'node:crypto'

export type Random = {
  /** At least 0, below 1. */
  fraction(): number
  /** A whole number; both ends included. */
  between(from: number, to: number): number
  chance(probability: number): boolean
  /** Throws RangeError on an empty list. */
  pick<T>(list: readonly T[]): T
  /** Picks by relative weight. Throws RangeError on an empty list. */
  weighted<T extends { readonly weight: number }>(list: readonly T[]): T
  /** Lower-case hexadecimal digits, two a byte. */
  hex(bytes: number): string
}

/** sfc32: small and fast, and passes PractRand. A simulation needs no more. */
const sfc32 = (seed: Buffer): (() => number) => {
  let a = seed.readUInt32LE(0)
  let b = seed.readUInt32LE(4)
  let c = seed.readUInt32LE(8)
  let counter = seed.readUInt32LE(12)
  return () => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return (sum >>> 0) / 2 ** 32
  }
}

const present = <T>(item: T | undefined): T => {
  if (item === undefined) throw new RangeError('there is nothing to pick from')
  return item
}

/** The same seed gives the same numbers, on every machine. */
export const createRandom = (seed: string): Random => {
  const fraction = sfc32(createHash('sha256').update(seed).digest())
  const between = (from: number, to: number): number => from + Math.floor(fraction() * (to - from + 1))
  return {
    fraction,
    between,
    chance: probability => fraction() < probability,
    pick: list => present(list[between(0, list.length - 1)]),
    weighted: list => {
      let left = fraction() * list.reduce((sum, item) => sum + item.weight, 0)
      return present(list.find(item => (left -= item.weight) < 0) ?? list.at(-1))
    },
    hex: bytes => Array.from({ length: bytes }, () => between(0, 255).toString(16).padStart(2, '0')).join(''),
  }
}
