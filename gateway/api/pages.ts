/** The live board: the page at the gateway's own address, and what it is made of. Its data asks for a login; it does not. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { extname } from 'node:path'
import type { ApiApp } from './app.ts'

const directory = new URL('../../dashboards/board/', import.meta.url)

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** The page runs what comes from here and asks nobody else. */
const contentSecurityPolicy = [
  "default-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ')

/** Read once, at start: what is served is what was installed with this process. */
const filesOfBoard = () =>
  readdirSync(directory).flatMap(name => {
    const type = mediaTypes[extname(name)]
    // What an editor or a file manager left here is not served, and keeps no gateway from starting.
    if (type === undefined) return []
    const content = readFileSync(new URL(name, directory))
    const digest = createHash('sha256').update(content).digest('base64url')
    return [{ url: name === 'index.html' ? '/' : `/board/${name}`, type, content, etag: `"${digest}"` }]
  })

export const pageRoutes = (app: ApiApp): void => {
  for (const { url, type, content, etag } of filesOfBoard()) {
    app.get(url, { config: { access: 'anyone' }, schema: { hide: true } }, async (request, reply) => {
      reply.headers({
        etag,
        'cache-control': 'no-cache',
        'content-security-policy': contentSecurityPolicy,
      })
      // A proxy may have marked it as weak or put it on a list: the digest says enough.
      if (request.headers['if-none-match']?.includes(etag)) return reply.code(304).send()
      return reply.type(type).send(content)
    })
  }
}
