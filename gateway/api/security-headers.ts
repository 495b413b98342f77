/** What an answer may be used for by a browser: nothing but what asked for it. */
import helmet from '@fastify/helmet'
import type { ApiApp } from './app.ts'

/** Answers of the interface are data: they load, run and frame nothing. */
const ofData = { defaultSrc: ["'none'"], frameAncestors: ["'none'"] }

/**
 * The one style that the library of buttons puts into a page by itself: where they are touched, the page scrolls. A new
 * version of it may have another, which the tests of pages in a browser tell.
 */
const pressableStyle = "'sha256-38RhXrc7EdReTKsOm23ZPOCUgniTUUcjky8QOOrQx6o='"

/** A page runs what comes from here, asks nobody else, and holds no script or style of its own (CSP Level 3). */
const ofPages = {
  defaultSrc: ["'self'"],
  styleSrc: ["'self'", pressableStyle],
  workerSrc: ["'self'"],
  objectSrc: ["'none'"],
  baseUri: ["'none'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
  requireTrustedTypesFor: ["'script'"],
}

/**
 * In the options of a route that serves a page, or a part of one.
 * @param tilesUrl whose host gives pictures of a map, and nothing else (CSP Level 3, img-src)
 */
export const asPage = (tilesUrl: string | undefined) => ({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { ...ofPages, ...(tilesUrl && { imgSrc: ["'self'", new URL(tilesUrl).origin] }) },
  },
})

/** A year, as browsers' preload lists ask for. */
const httpsOnly = 'max-age=31536000; includeSubDomains'

/** Before the routes. */
export const addSecurityHeaders = (app: ApiApp, secureCookies: boolean): void => {
  app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: ofData },
    frameguard: { action: 'deny' },
    // Set below: over plain http it must not be sent (RFC 6797, 7.2).
    strictTransportSecurity: false,
  })
  app.addHook('onRequest', async (request, reply) => {
    if (secureCookies || request.protocol === 'https') reply.header('strict-transport-security', httpsOnly)
    if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store')
  })
}
