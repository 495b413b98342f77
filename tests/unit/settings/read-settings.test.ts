import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { settingsOf } from '../../../gateway/kit/settings-manifest.ts'
import { manifest } from '../../../gateway/settings.ts'

const root = resolve(import.meta.dirname, '../../..')
const readers = globSync('{gateway,broker}/**/*.ts', {
  cwd: root,
  exclude: ['gateway/settings.ts', 'gateway/kit/**'],
})
const code = readers.map(file => readFileSync(join(root, file), 'utf8')).join('\n')

test.for(settingsOf(manifest))('$name is named where it is read', ({ name }) => {
  expect(code).toMatch(new RegExp(`\\b${name.split('.').at(-1)}\\b`))
})
