import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { metrics } from '../../../gateway/model/measurement.ts'

const document = readFileSync(join(resolve(import.meta.dirname, '../../../docs'), 'telemetry.md'), 'utf8')

test('docs/telemetry.md has each metric with unit, range and meaning, and no other', () => {
  const rows = document.match(/^\| `[A-Za-z]+` \| .*\d \| .* \|$/gm)
  expect(rows).toEqual(
    Object.entries(metrics).map(
      ([name, { unit, min, max, meaning }]) => `| \`${name}\` | ${unit} | ${min} | ${max} | ${meaning} |`,
    ),
  )
})
