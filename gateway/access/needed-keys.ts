/** Which keys the second factors cannot be read without. */
import { join } from 'node:path'
import { sealedKeys } from '../kit/sealed-keys.ts'

export const keysOfAccess = (directory: string): readonly string[] =>
  sealedKeys(join(directory, 'access.db'), {
    table: 'secondFactors',
    column: 'sealed',
    // A seal begins with its version and the id of its key.
    expression: 'CAST(substr(sealed, 2, 8) AS TEXT)',
  })
