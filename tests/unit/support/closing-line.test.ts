import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'

const root = resolve(import.meta.dirname, '../../..')

/** Runs vitest itself on these files and answers what it printed. */
const run = (files: Readonly<Record<string, string>>) => {
  const directory = mkdtempSync(join(tmpdir(), 'anling-closing-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'))
  const reporter = JSON.stringify(join(root, 'tests/support/closing-line.ts'))
  writeFileSync(
    join(directory, 'vitest.config.mjs'),
    `import { closingLine } from ${reporter}\nexport default { test: { reporters: ['default', closingLine] } }`,
  )
  for (const [name, body] of Object.entries(files)) {
    writeFileSync(join(directory, name), `import { expect, test } from 'vitest'\n${body}`)
  }
  return spawnSync(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), 'run'], {
    cwd: directory,
    encoding: 'utf8',
  })
}

const lastLine = (output: string): string | undefined => output.trimEnd().split('\n').at(-1)

test('the last line counts what passed, failed and was skipped, and broken files as failed', {
  timeout: 60_000,
}, () => {
  const { status, stdout } = run({
    'a.test.mjs': `test('one', () => {}); test('two', () => { expect(1).toBe(2) }); test.skip('three', () => {})`,
    'b.test.mjs': `throw new Error('this file cannot be loaded')`,
    'c.test.mjs': `test('four', () => { queueMicrotask(() => { throw new Error('outside of the test') }) })`,
  })
  expect(lastLine(stdout)).toBe('Tests: 2 passed, 3 failed, 1 skipped')
  expect(status).toBe(1)
})

test('the last line says so when all passed', { timeout: 60_000 }, () => {
  const { status, stdout } = run({ 'a.test.mjs': `test('one', () => { expect(1).toBe(1) })` })
  expect(lastLine(stdout)).toBe('Tests: 1 passed, 0 failed, 0 skipped')
  expect(status).toBe(0)
})
