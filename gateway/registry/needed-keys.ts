/** Which keys the registry's file cannot be read without. */
import { join } from 'node:path'
import { sealedKeys } from '../kit/sealed-keys.ts'

export const keysOfRegistry = (directory: string): readonly string[] =>
  sealedKeys(join(directory, 'registry.db'), {
    table: 'record',
    column: 'personal',
    // A seal begins with its version and the id of its key.
    expression: 'CAST(substr(personal, 2, 8) AS TEXT)',
  })
