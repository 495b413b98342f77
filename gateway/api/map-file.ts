/**
 * The map as one file (PMTiles): a page asks for the few ranges of it that it shows (RFC 9110, 14). It is read as it goes
 * out, and never held in memory.
 */
import { type FileHandle, open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { z } from 'zod'
import type { ApiApp, ApiPorts } from './app.ts'
import { problems } from './problem.ts'

/** What goes out is bytes; the handler answers the stream that they flow through. */
const Bytes: z.ZodType<string | Readable> = z.string()
const part = { description: 'PMTiles', content: { 'application/vnd.pmtiles': { schema: Bytes } } }

type Range = { readonly start: number; readonly end: number }

/** One range, as map libraries ask. Undefined: the whole, which is how to answer what is not understood (14.2). */
const rangeOf = (header: string | undefined, size: number): Range | 'unsatisfiable' | undefined => {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? []
  if (from === '' && to === '') return undefined
  const start = from === '' ? Math.max(size - Number(to), 0) : Number(from)
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1)
  return start <= end ? { start, end } : 'unsatisfiable'
}

/** Undefined: it is not there, or is no file. */
const openFile = async (path: string | undefined): Promise<FileHandle | undefined> =>
  path === undefined ? undefined : open(path).catch(() => undefined)

export const mapFileRoutes = (app: ApiApp, { settings }: ApiPorts): void => {
  const { pmtilesFile } = settings.console.map
  app.get(
    '/map/tiles.pmtiles',
    {
      config: { access: 'self' },
      exposeHeadRoute: false,
      schema: {
        hide: true,
        response: { 200: part, 206: part, 416: part, ...problems('not-logged-in', 'not-found') },
      },
    },
    async (request, reply) => {
      const file = await openFile(pmtilesFile)
      const facts = await file?.stat()
      if (!file || !facts?.isFile() || facts.size === 0) {
        await file?.close()
        return { refused: 'not-found' as const, detail: 'there is no map here' }
      }
      const { size, mtimeMs } = facts
      const etag = `"${size}-${Math.floor(mtimeMs)}"`
      reply.headers({ etag, 'accept-ranges': 'bytes', 'cache-control': 'no-cache' })
      const ifRange = request.headers['if-range']
      const range =
        ifRange === undefined || ifRange === etag ? rangeOf(request.headers.range, size) : undefined
      if (range === 'unsatisfiable') {
        await file.close()
        return reply.code(416).header('content-range', `bytes */${size}`).send('')
      }
      const { start, end } = range ?? { start: 0, end: size - 1 }
      if (range) reply.code(206).header('content-range', `bytes ${start}-${end}/${size}`)
      return reply
        .type('application/vnd.pmtiles')
        .header('content-length', end - start + 1)
        .send(file.createReadStream({ start, end }))
    },
  )
}
