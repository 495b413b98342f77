/**
 * Bundles the pages into `dist/`, which the gateway serves. With `--if-changed` only when a source or a dependency has
 * changed since the last time, so that it can stand before everything that needs the pages.
 */
import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
/** Says what `dist/` was made of. */
const stamp = join(import.meta.dirname, 'dist', '.made-of')

/** `gateway/model/` has the words that the pages share with the gateway. */
const sources = (): readonly string[] =>
  globSync(['dashboards/**/*.{ts,tsx,css,html,svg}', 'gateway/model/*.ts', 'package-lock.json'], {
    cwd: root,
    exclude: name => name === 'dist',
  }).toSorted()

const digest = (): string => {
  const hash = createHash('sha256')
  for (const source of sources()) hash.update(source).update(readFileSync(join(root, source)))
  return hash.digest('hex')
}

const wanted = digest()
const isMade = existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted
if (!(process.argv.includes('--if-changed') && isMade)) {
  // Only here: an installation without development dependencies has its pages already.
  const { build } = await import('vite')
  await build({ configFile: join(import.meta.dirname, 'vite.config.ts'), logLevel: 'warn' })
  writeFileSync(stamp, wanted)
}
