/** The file of the keys: `{"current":"k…","keys":[{"id","key","createdAt"}]}`, for its owner's eyes only. */
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import { keyBytes, keyIdLength } from './seal.ts'

const KeyText = z
  .base64()
  .transform((text): Uint8Array => Uint8Array.fromBase64(text))
  .refine(key => key.length === keyBytes, `a key is ${keyBytes} bytes in base64`)

const KeyFile = z
  .strictObject({
    current: z.string(),
    keys: z
      .array(
        z.strictObject({
          id: z.string().regex(new RegExp(`^k[0-9a-f]{${keyIdLength - 1}}$`)),
          key: KeyText,
          createdAt: z.iso.datetime({ offset: true }).transform(Date.parse),
        }),
      )
      .min(1),
  })
  .refine(({ current, keys }) => keys.some(({ id }) => id === current), 'its current key is not in it')
export type Keys = z.infer<typeof KeyFile>

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT'

/** Undefined: there is no file. Throws, without a word of what is in it, on one that cannot be read. */
export const readKeyFile = (path: string): Keys | undefined => {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
  const read = KeyFile.safeParse(parsed(text))
  if (read.success) return read.data
  const mistakes = read.error.issues.map(issue => `${issue.path.join('.')} ${issue.message}`.trim())
  throw new Error(`the key file ${path} is broken: ${mistakes.join('; ')}`)
}

/** The parser's own complaint would quote what it could not read. */
const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const sync = (path: string): void => {
  const handle = openSync(path, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** Either the old file is there or the new one, whole and on disk, whenever the power goes. */
export const writeKeyFile = (path: string, { current, keys }: Keys): void => {
  const directory = dirname(path)
  const fresh = `${path}.new`
  const shown = keys.map(({ id, key, createdAt }) => ({
    id,
    key: key.toBase64(),
    createdAt: new Date(createdAt).toISOString(),
  }))
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  rmSync(fresh, { force: true })
  const handle = openSync(fresh, 'wx', 0o600)
  try {
    writeSync(handle, `${JSON.stringify({ current, keys: shown }, null, 2)}\n`)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  renameSync(fresh, path)
  sync(directory)
}
