import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../../..')
const files = globSync('{gateway,broker,firmware-sim,dashboards,docs,tests}/**/*.{ts,md,css,html}', {
  cwd: root,
  exclude: ['tests/bench/peers/**'],
})
const sources = files.map(file => ({ file, text: readFileSync(join(root, file), 'utf8') }))
const tests = sources.filter(({ file }) => file.endsWith('.test.ts'))

/** Where the pattern occurs: `file: what`. This file must name what it looks for, so that it is left out. */
const findings = (among: typeof sources, pattern: RegExp): readonly string[] =>
  among
    .filter(({ file }) => !import.meta.filename.endsWith(file))
    .flatMap(({ file, text }) => text.match(pattern)?.map(found => `${file}: ${found}`) ?? [])

describe('the tree', () => {
  test('is seen by these tests', () => {
    expect(files).toContain('gateway/model/alarm.ts')
    expect(tests.length).toBeGreaterThan(0)
  })

  test('switches no lint and no type check off', () => {
    expect(
      findings(sources, /(biome-ignore|(oxlint|eslint)-disable|@ts-(ignore|expect-error|nocheck)).*/g),
    ).toEqual([])
  })

  test('holds no marks of unfinished work', () => {
    expect(findings(sources, /\b(TODO|FIXME|XXX|HACK)\b.*/g)).toEqual([])
  })

  test('casts nothing through unknown', () => {
    expect(findings(sources, /\bas unknown as\b.*/g)).toEqual([])
  })

  test('names each test with words that its group makes a sentence', () => {
    expect(findings(tests, /^\s*(test|it)\((['"`])[^\s'"`]+\2.*/gm)).toEqual([])
  })

  test('waits in tests for events and conditions, never for time', () => {
    expect(findings(tests, /timers\/promises|\bsleep\(.*|setTimeout\((resolve|done)\b.*/g)).toEqual([])
  })
})
