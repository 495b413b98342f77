import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'

/** A law, the file that breaks it in its first line, the nearest thing that it allows, and the rule that must speak. */
type Law = { law: string; file: string; breaks: string; allows: string; rule: string }

const importing = (law: string, file: string, breaks: string, allows: string): Law => ({
  law,
  file,
  breaks: `import '${breaks}'`,
  allows: `import '${allows}'`,
  rule: 'eslint(no-restricted-imports)',
})

const packaged = (law: string, file: string, name: string, home: string): Law & { home: string } => ({
  law,
  file,
  breaks: `import '${name}'`,
  allows: `import 'zod'`,
  rule: 'lint/style/noRestrictedImports',
  home,
})

const packageLaws = [
  packaged(
    'only gateway/kit/sqlite.ts knows node:sqlite',
    'gateway/journal/sqlite/s.ts',
    'node:sqlite',
    'gateway/kit/sqlite.ts',
  ),
  packaged('only broker/ knows aedes', 'gateway/transport/s.ts', 'aedes', 'broker/s.ts'),
  packaged('only gateway/api/ knows fastify', 'gateway/s.ts', 'fastify', 'gateway/api/s.ts'),
  packaged(
    'only gateway/api/ knows plugins of fastify',
    'broker/guard/s.ts',
    '@fastify/cookie',
    'gateway/api/s2.ts',
  ),
]

const pure = (what: string, breaks: string, allows: string, rule: string): Law => ({
  law: `the core reads no ${what}`,
  file: `gateway/alarm/${what.replaceAll(' ', '-')}.ts`,
  breaks: `export const seed = ${breaks}`,
  allows: `export const seed = ${allows}`,
  rule,
})

const everywhere = (law: string, breaks: string, allows: string, rule: string): Law => ({
  law,
  file: `gateway/outbox/${law.replaceAll(' ', '-')}.ts`,
  breaks,
  allows,
  rule,
})

const laws: readonly Law[] = [
  importing(
    'a stage imports no other stage',
    'gateway/outbox/i1.ts',
    '../alarm/decide.ts',
    '../model/alarm.ts',
  ),
  importing('a stage imports no settings', 'gateway/api/i2.ts', '../settings.ts', '../kit/x.ts'),
  importing(
    'a stage imports no broker',
    'gateway/outbox/i3.ts',
    '../../broker/types.ts',
    './broker/types.ts',
  ),
  importing(
    'a folder of a stage keeps to its stage',
    'gateway/journal/sqlite/i4.ts',
    '../../outbox/x.ts',
    '../memory.ts',
  ),
  importing(
    'a pure stage imports no other stage',
    'gateway/route/i5.ts',
    '../alarm/decide.ts',
    '../model/ids.ts',
  ),
  importing('a pure stage imports no part of the runtime', 'gateway/decode/i6.ts', 'node:fs', '../kit/x.ts'),
  importing(
    'a deeper pure folder imports no part of the runtime',
    'gateway/detect/falls/i7.ts',
    'node:fs',
    '../x.ts',
  ),
  importing('the model imports no kit', 'gateway/model/i8.ts', '../kit/x.ts', './ids.ts'),
  importing('the model imports no package but zod', 'gateway/model/i9.ts', 'pino', 'zod'),
  importing('the model imports no part of the runtime', 'gateway/model/i10.ts', 'node:crypto', 'zod'),
  importing('the kit imports no stage', 'gateway/kit/i11.ts', '../alarm/x.ts', '../model/ids.ts'),
  importing(
    'the gateway imports no simulator',
    'gateway/i12.ts',
    '../firmware-sim/x.ts',
    '../broker/types.ts',
  ),
  importing('the broker imports no gateway', 'broker/i13.ts', '../gateway/model/ids.ts', './types.ts'),
  importing('the simulator imports no gateway', 'firmware-sim/i14.ts', '../gateway/model/ids.ts', './x.ts'),
  importing(
    'the simulator imports no broker',
    'firmware-sim/town/i15.ts',
    '../../broker/types.ts',
    '../x.ts',
  ),
  importing(
    'the web imports no stage but the API',
    'dashboards/i16.ts',
    '../gateway/journal/x.ts',
    '../gateway/model/ids.ts',
  ),
  ...packageLaws,
  pure('clock', 'Date.now()', 'Date.UTC(2026, 1)', 'eslint(no-restricted-properties)'),
  pure('clock by a bare Date', 'new Date()', 'new Date(0)', 'plugin'),
  pure('random numbers', 'Math.random()', 'Math.max(1, 2)', 'eslint(no-restricted-properties)'),
  pure('environment', 'process.env', '{ process: 1 }', 'eslint(no-restricted-globals)'),
  pure('timer', 'setTimeout', '[1]', 'eslint(no-restricted-globals)'),
  pure(
    'network',
    "fetch('http://localhost')",
    "new URL('http://localhost')",
    'eslint(no-restricted-globals)',
  ),
  everywhere(
    'no promise is left floating',
    'Promise.resolve(1)',
    'await Promise.resolve(1)',
    'typescript(no-floating-promises)',
  ),
  everywhere(
    'no any',
    'export const seed = (x: any) => x === 1',
    'export const seed = (x: unknown) => x === 1',
    'typescript(no-explicit-any)',
  ),
  everywhere(
    'no cast to silence',
    'export const seed = (x: unknown) => x as string',
    'export const seed = (x: string) => x as unknown',
    'typescript(no-unsafe-type-assertion)',
  ),
  everywhere(
    'every case of a union is answered',
    "export const seed = (x: 'a' | 'b') => { switch (x) { case 'a': return 1 } return 2 }",
    "export const seed = (x: 'a' | 'b') => { switch (x) { case 'a': return 1; case 'b': return 2 } }",
    'typescript(switch-exhaustiveness-check)',
  ),
  everywhere(
    'no barrel files',
    "export * from '../model/lawful.ts'",
    "import '../model/lawful.ts'",
    'lint/performance/noBarrelFile',
  ),
  {
    law: 'what runs at homes needs no development dependency',
    file: 'broker/d1.ts',
    breaks: "import 'vitest'",
    allows: "import 'zod'",
    rule: 'lint/correctness/noUndeclaredDependencies',
  },
  everywhere(
    'no cycles of imports',
    "import './cycle-end.ts'",
    "import '../model/lawful.ts'",
    'lint/suspicious/noImportCycles',
  ),
]

const root = resolve(import.meta.dirname, '../../..')
const run = (script: string, args: readonly string[], cwd: string): Promise<string> =>
  new Promise(done => {
    // A linter that finds something exits with an error: its report is on the standard output all the same.
    execFile(
      process.execPath,
      [join(root, 'node_modules', script), ...args],
      { cwd, maxBuffer: 2 ** 24 },
      (_, stdout) => done(stdout),
    )
  })

const OxlintReport = z.object({ diagnostics: z.array(z.object({ code: z.string(), filename: z.string() })) })
const BiomeReport = z.object({
  diagnostics: z.array(z.object({ category: z.string(), location: z.object({ path: z.string() }) })),
})

const lint = async (tree: string): Promise<readonly string[]> => {
  const [oxlint, biome] = await Promise.all([
    run('oxlint/bin/oxlint', ['--type-aware', '--format=json', '.'], tree),
    run('@biomejs/biome/bin/biome', ['lint', '--reporter=json', '--max-diagnostics=none', '.'], tree),
  ])
  return [
    ...OxlintReport.parse(JSON.parse(oxlint)).diagnostics.map(found => `${found.filename} ${found.code}`),
    ...BiomeReport.parse(JSON.parse(biome)).diagnostics.map(
      found => `${found.location.path} ${found.category}`,
    ),
  ]
}

/** The configuration of this repository over files of our own. */
const seededTree = async (files: ReadonlyMap<string, string>): Promise<string> => {
  const tree = await mkdtemp(join(tmpdir(), 'anling-laws-'))
  for (const path of [
    '.oxlintrc.json',
    'biome.json',
    'tsconfig.json',
    '.gitignore',
    'package.json',
    'tests/unit/laws/reads-clock.grit',
  ]) {
    await cp(join(root, path), join(tree, path))
  }
  await symlink(join(root, 'node_modules'), join(tree, 'node_modules'))
  for (const [path, source] of files) {
    await mkdir(dirname(join(tree, path)), { recursive: true })
    await writeFile(join(tree, path), `${source}\n`)
  }
  return tree
}

const trees: string[] = []
const findingsIn = async (files: Iterable<readonly [string, string]>): Promise<readonly string[]> => {
  const tree = await seededTree(new Map(files))
  trees.push(tree)
  return lint(tree)
}

let broken: readonly string[]
let lawful: readonly string[]
beforeAll(async () => {
  const helpers = [['gateway/model/lawful.ts', 'export const lawful = 1']] as const
  const cycle = ['gateway/outbox/cycle-end.ts', "import './no-cycles-of-imports.ts'"] as const
  broken = await findingsIn([...helpers, cycle, ...laws.map(law => [law.file, law.breaks] as const)])
  lawful = await findingsIn([
    ...helpers,
    ...laws.map(law => [law.file, law.allows] as const),
    ...packageLaws.map(law => [law.home, law.breaks] as const),
  ])
}, 120_000)
afterAll(() => Promise.all(trees.map(tree => rm(tree, { recursive: true }))))

describe('the laws of the house', () => {
  test.for(laws)('$law', ({ file, rule }) => {
    expect(broken.filter(finding => finding.startsWith(`${file} `))).toEqual([`${file} ${rule}`])
  })

  test('say nothing about code that keeps them', () => {
    expect(lawful).toEqual([])
  })
})
