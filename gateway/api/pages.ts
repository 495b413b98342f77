/** The live board: the page at the gateway's own address, and what it is made of. Its data asks for a login; it does not. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { extname } from 'node:path'
import type { ApiApp } from './app.ts'
import { asPage } from './security-headers.ts'

const directory = new URL('../../dashboards/board/', import.meta.url)

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

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
    const options = { config: { access: 'anyone' }, schema: { hide: true }, helmet: asPage } as const
    app.get(url, options, async (request, reply) => {
      reply.headers({ etag, 'cache-control': 'no-cache' })
      // A proxy may have marked it as weak or put it on a list: the digest says enough.
      if (request.headers['if-none-match']?.includes(etag)) return reply.code(304).send()
      return reply.type(type).send(content)
    })
  }
}
