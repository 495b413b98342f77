/**
 * The web: one document at every address of a page, and the files that it is made of. Their data asks for a login; they do
 * not.
 */
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ApiApp, ApiPorts } from './app.ts'
import { type PageFile, readPageFiles, readPreloads } from './page-files.ts'
import { asPage } from './security-headers.ts'

/** `dashboards/shell/pages.ts` says which page is at which of them; here, which of its files each begins with. */
const addresses: Readonly<Record<string, string>> = {
  '/': '',
  '/account': 'account/account-page.tsx',
  '/archive': 'console/archive-page.tsx',
  '/archive/:alarm': 'console/archive-page.tsx',
  '/card/:secret': 'review/open-card-page.tsx',
  '/console': 'console/console-page.tsx',
  '/family': 'phones/family-page.tsx',
  '/fit': 'phones/fit-page.tsx',
  '/fit/:job': 'phones/fit-page.tsx',
  '/go': 'phones/go-page.tsx',
  '/go/:alarm': 'phones/go-page.tsx',
  '/import': 'registry/import-page.tsx',
  '/indicators': 'review/indicators-page.tsx',
  '/map': 'duty/map-page.tsx',
  '/people': 'account/people-page.tsx',
  '/registry': 'registry/registry-page.tsx',
  '/registry/:table': 'registry/registry-page.tsx',
  '/registry/:table/:id': 'registry/registry-page.tsx',
  '/residents/:resident/card': 'review/card-page.tsx',
  '/review': 'review/review-page.tsx',
  '/review/:resident': 'review/review-page.tsx',
  '/shift': 'duty/shift-page.tsx',
  '/wall': 'duty/wall-page.tsx',
}

const compressed = promisify(gzip)

/** A year: the name of such a file changes with what is in it. */
const forGood = 'public, max-age=31536000, immutable'

const send =
  (file: PageFile, cacheControl: string, link = '') =>
  async (request: FastifyRequest, reply: FastifyReply) => {
    const { type, content, etag } = file
    reply.headers({ etag, 'cache-control': cacheControl, vary: 'accept-encoding', ...(link && { link }) })
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
  const files = readPageFiles()
  const preloadsOf = readPreloads()
  const page = files.find(({ name }) => name === 'index.html')
  for (const [address, source] of Object.entries(addresses)) {
    app.get(
      address,
      options,
      page
        ? send(page, 'no-cache', preloadsOf(source))
        : async (_, reply) => reply.code(503).type('text/plain').send(notBuilt),
    )
  }
  for (const file of files) if (file !== page) app.get(`/${file.name}`, options, send(file, forGood))
}
