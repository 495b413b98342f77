import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { documents } from '../../../docs/generate.ts'
import { settingsOf } from '../../../gateway/kit/settings-manifest.ts'
import { errors } from '../../../gateway/model/errors.ts'
import { thresholdNames, thresholds } from '../../../gateway/model/thresholds.ts'
import { manifest } from '../../../gateway/settings.ts'

const onDisk = (name: string): string =>
  readFileSync(join(resolve(import.meta.dirname, '../../../docs'), name), 'utf8')

test.for(Object.entries(documents))(
  'docs/%s says what the code says: npm run docs renews it',
  ([name, text]) => {
    expect(onDisk(name)).toBe(text())
  },
)

test('every setting is in the documents with its environment name', () => {
  const document = onDisk('settings.md')
  for (const { name, environment } of settingsOf(manifest)) {
    expect(document).toContain(`\`${name}\` | ${environment ? `\`${environment}\`` : 'file only'}`)
  }
})

test('every error code is in the documents with its HTTP status', () => {
  const document = onDisk('errors.md')
  for (const [code, { status }] of Object.entries(errors))
    expect(document).toContain(`\`${code}\` | ${status} |`)
})

test('every threshold is in the documents with its default', () => {
  const document = onDisk('rules.md')
  for (const name of thresholdNames)
    expect(document).toMatch(
      new RegExp(`^\\| \`${name.replace('.', '\\.')}\` \\| ${thresholds[name].value} `, 'm'),
    )
})
