/** Reads a vector file and makes the bytes that each vector describes. */
import { readFileSync } from 'node:fs'

export type Vector = {
  readonly name: string
  readonly topic: string
  readonly payload?: unknown
  readonly payloadText?: string
  readonly payloadHex?: string
  readonly nest?: number
  readonly padTo?: number
  readonly expect: { readonly discarded?: string; readonly [key: string]: unknown }
}

export const loadVectors = (file: string): readonly Vector[] => {
  const url = new URL(`../vectors/${file}`, import.meta.url)
  const content: { vectors: readonly Vector[] } = JSON.parse(readFileSync(url, 'utf8'))
  return content.vectors
}

const nested = (depth: number): string => `${'{"a":'.repeat(depth)}{}${'}'.repeat(depth)}`

export const bytesOf = (vector: Vector): Buffer => {
  const body =
    vector.payloadHex !== undefined
      ? Buffer.from(vector.payloadHex, 'hex')
      : Buffer.from(
          (vector.payloadText ?? JSON.stringify(vector.payload)).replace('@', () => nested(vector.nest ?? 0)),
        )
  return vector.padTo === undefined
    ? body
    : Buffer.concat([body, Buffer.alloc(Math.max(0, vector.padTo - body.length), ' ')])
}
