import { it } from 'vitest'
import { appendThroughKills } from '../integration/journal/kill-appends.ts'
import { withTemporaryDirectory } from '../support/temporary-directory.ts'

const kills = 200

it(`keeps every acknowledged append exactly once through ${kills} kills`, () =>
  withTemporaryDirectory(directory => appendThroughKills(directory, kills)))
