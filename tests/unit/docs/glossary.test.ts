import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../../..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const glossary = read('GLOSSARY.md')
const words = [...globSync('gateway/model/*.ts', { cwd: root }), 'broker/types.ts'].map(read).join('\n')

test('every type that the glossary names is among the words of the model or the broker', () => {
  const types = [...glossary.matchAll(/`([A-Z][a-z]\w+)/g)].map(([, type]) => type)
  expect(types.length).toBeGreaterThan(40)
  expect(types.filter(type => !new RegExp(`(type|interface|const) ${type}\\b`).test(words))).toEqual([])
})

test('every file that the glossary names exists', () => {
  const files = [...glossary.matchAll(/(?:gateway|broker)\/[\w/.-]+\.ts/g)].map(([file]) => file)
  expect(files.length).toBeGreaterThan(10)
  expect(files.map(read)).not.toContain('')
})

test('no term is explained twice', () => {
  const terms = [...glossary.matchAll(/^\| ([a-z][^|]*) \|/gm)].map(([, term]) => term)
  expect(terms.filter(term => term !== 'term')).toHaveLength(new Set(terms).size - 1)
})
