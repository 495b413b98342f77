/** What `npm run build` makes of `dashboards/`: the files of the web, and which of them each page begins with. */
import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

const directory = fileURLToPath(new URL('../../dashboards/dist/', import.meta.url))
/** Written by the bundler: by source, the file that came of it, and what that needs. */
const madePath = join(directory, 'made.json')

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.wasm': 'application/wasm',
}

export type PageFile = {
  readonly name: string
  readonly type: string
  readonly content: Buffer
  readonly etag: string
  /** Compressed when it is first asked for, on another thread: calls go on meanwhile. */
  gzipped?: Promise<Buffer>
}

/** Read once, at start: what is served is what was installed with this process. */
export const readPageFiles = (): readonly PageFile[] =>
  globSync('**/*', { cwd: directory }).flatMap(name => {
    const type = mediaTypes[extname(name)]
    // What an editor or a file manager left here is not served, and keeps no gateway from starting.
    if (type === undefined) return []
    const content = readFileSync(join(directory, name))
    const digest = createHash('sha256').update(content).digest('base64url')
    return [{ name, type, content, etag: `"${digest}"` }]
  })

const Made = z.record(
  z.string(),
  z.object({
    file: z.string(),
    imports: z.array(z.string()).default([]),
    css: z.array(z.string()).default([]),
  }),
)

/**
 * A `Link` header (RFC 8288) for the document of a page, so that a browser asks for all of its files at once.
 * @returns by the source of a page, such as `console/console-page.tsx`; empty where nothing is known of it
 */
export const readPreloads = (): ((source: string) => string) => {
  const made = existsSync(madePath) ? Made.parse(JSON.parse(readFileSync(madePath, 'utf8'))) : {}
  const needed = (source: string, known = new Set<string>()): ReadonlySet<string> => {
    if (!known.has(source)) {
      known.add(source)
      for (const other of made[source]?.imports ?? []) needed(other, known)
    }
    return known
  }
  return source =>
    Array.from(needed(source))
      .flatMap(key => made[key] ?? [])
      .flatMap(({ file, css }) => [
        `</${file}>; rel=modulepreload`,
        ...css.map(style => `</${style}>; rel=preload; as=style; crossorigin`),
      ])
      .join(', ')
}
