/**
 * The web: one document at every address of a page, and the files that it is made of. Their data asks for a login; they do
 * not.
 */
import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ApiApp, ApiPorts } from './app.ts'
import { asPage } from './security-headers.ts'

/** What `npm run build` makes of `dashboards/`. */
const directory = fileURLToPath(new URL('../../dashboards/dist/', import.meta.url))

/** `dashboards/shell/pages.ts` says which page is at which of them. */
const addresses = [
  '/',
  '/account',
  '/archive',
  '/archive/:alarm',
  '/card/:secret',
  '/console',
  '/family',
  '/fit',
  '/fit/:job',
  '/go',
  '/go/:alarm',
  '/import',
  '/indicators',
  '/map',
  '/people',
  '/registry',
  '/registry/:table',
  '/registry/:table/:id',
  '/residents/:resident/card',
  '/review',
  '/review/:resident',
  '/shift',
  '/wall',
]

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.wasm': 'application/wasm',
}

type PageFile = {
  readonly name: string
  readonly type: string
  readonly content: Buffer
  readonly etag: string
  /** Compressed when it is first asked for, on another thread: calls go on meanwhile. */
  gzipped?: Promise<Buffer>
}

const compressed = promisify(gzip)

/** Read once, at start: what is served is what was installed with this process. */
const readFiles = (): readonly PageFile[] =>
  globSync('**/*', { cwd: directory }).flatMap(name => {
    const type = mediaTypes[extname(name)]
    // What an editor or a file manager left here is not served, and keeps no gateway from starting.
    if (type === undefined) return []
    const content = readFileSync(join(directory, name))
    const digest = createHash('sha256').update(content).digest('base64url')
    return [{ name, type, content, etag: `"${digest}"` }]
  })

/** A year: the name of such a file changes with what is in it. */
const forGood = 'public, max-age=31536000, immutable'

const send =
  (file: PageFile, cacheControl: string) => async (request: FastifyRequest, reply: FastifyReply) => {
    const { type, content, etag } = file
    reply.headers({ etag, 'cache-control': cacheControl, vary: 'accept-encoding' })
    // A proxy may have marked it as weak or put it on a list: the digest says enough.
    if (request.headers['if-none-match']?.includes(etag)) return reply.code(304).send()
    reply.type(type)
    if (!request.headers['accept-encoding']?.includes('gzip')) return reply.send(content)
    file.gzipped ??= compressed(content)
    return reply.header('content-encoding', 'gzip').send(await file.gzipped)
  }

const notBuilt = '网页尚未构建，请运行 The pages have not been built. Run: npm run build\n'

export const pageRoutes = (app: ApiApp, { settings }: ApiPorts): void => {
  const helmet = asPage(settings.console.map.tilesUrl)
  const options = { config: { access: 'anyone' }, schema: { hide: true }, helmet } as const
  const files = existsSync(directory) ? readFiles() : []
  const page = files.find(({ name }) => name === 'index.html')
  for (const address of addresses) {
    app.get(
      address,
      options,
      page ? send(page, 'no-cache') : async (_, reply) => reply.code(503).type('text/plain').send(notBuilt),
    )
  }
  for (const file of files) if (file !== page) app.get(`/${file.name}`, options, send(file, forGood))
}
