import { it } from 'vitest'
import { withTemporaryDirectory } from '../../support/temporary-directory.ts'
import { appendThroughKills } from './kill-appends.ts'

/** Early and late in the life of the log; `npm run soak` has 200. */
const kills = 10

it(`keeps every acknowledged append exactly once through ${kills} kills`, () =>
  withTemporaryDirectory(directory => appendThroughKills(directory, kills)))
