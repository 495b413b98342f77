import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(async () => {
  expect(world.mismatches).toEqual([])
  await world.close()
})

/** Built before the tests run. */
const dist = join(import.meta.dirname, '../../../dashboards/dist')

const get = (url: string, headers: Record<string, string> = {}) =>
  world.api.inject({ method: 'GET', url, headers })

const html = (await readFile(join(dist, 'index.html'), 'utf8')).trim()
const linksIn = (text: string): string[] =>
  [...text.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, link = '']) => link)
const script = linksIn(html).find(link => link.endsWith('.js')) ?? ''

describe('the web', () => {
  test('is one document at the address of every page, for whoever opens it', async () => {
    for (const url of ['/', '/console', '/go/0198f', '/registry/homes/h-0001', '/card/secret']) {
      const { statusCode, headers, payload } = await get(url)
      expect(statusCode, url).toBe(200)
      expect(headers['content-type']).toBe('text/html; charset=utf-8')
      expect(payload.trim()).toBe(html)
    }
    expect(html).toMatch(/^<!doctype html>\n<html lang="zh-CN">/)
  })

  test('answers at every address that the pages themselves know', async () => {
    const pages = await readFile(join(import.meta.dirname, '../../../dashboards/shell/pages.ts'), 'utf8')
    const known = [...pages.matchAll(/path: '([^']+)'|openCardPath = '([^']+)'/g)].map(
      ([, path, card]) => path ?? card ?? '',
    )
    expect(known.length).toBeGreaterThan(10)
    for (const path of known) {
      const full = path.replaceAll('?', '')
      const without = path.replaceAll(/\/:\w+\?/g, '')
      for (const url of [full, without]) expect((await get(url)).statusCode, url).toBe(200)
    }
  })

  test('brings every file that was built, each as what it is', async () => {
    const types = { css: 'text/css', js: 'text/javascript', svg: 'image/svg+xml', png: 'image/png' }
    for (const name of await readdir(join(dist, 'assets'))) {
      const { statusCode, headers } = await get(`/assets/${name}`)
      expect(statusCode, name).toBe(200)
      expect(headers['content-type'], name).toContain(Reflect.get(types, name.split('.').at(-1) ?? ''))
    }
    // Who is there is asked for early too: here nobody is.
    for (const link of linksIn(html)) {
      expect((await get(link)).statusCode, link).toBe(link === '/api/session' ? 401 : 200)
    }
  })

  test('names the files that each page begins with, so that a browser asks for all of them at once', async () => {
    const pages = await readFile(join(import.meta.dirname, '../../../dashboards/shell/pages.ts'), 'utf8')
    const found = [...pages.matchAll(/path: '(\/\w+)[^}]*?import\('[^']*\/([\w-]+)\.tsx'\)/g)]
    expect(found.length).toBeGreaterThan(10)
    for (const [, path = '', code] of found) {
      if (path === '/residents') continue
      const links = [...String((await get(path)).headers.link).matchAll(/<([^>]+)>; rel=(\w+)/g)]
      expect(links.map(([, name]) => name).join(' '), path).toContain(`/assets/${code}-`)
      for (const [, name = '', kind] of links) {
        const type = kind === 'modulepreload' ? 'text/javascript' : 'text/css'
        expect(String((await get(name)).headers['content-type']), `${path} ${name}`).toContain(type)
      }
    }
    expect((await get('/')).headers.link).toBeUndefined()
  })

  test('lets a browser run and ask nothing but this server', async () => {
    for (const url of ['/', script]) {
      const { headers } = await get(url)
      expect(headers['content-security-policy']).toContain("default-src 'self'")
      expect(headers['content-security-policy']).not.toContain('unsafe')
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' })
    }
    expect(html).not.toMatch(/https?:\/\/|<style|style=|<script>| on\w+="/)
  })

  test('is asked for anew each time; its files have names that change with them, and are kept', async () => {
    expect((await get('/')).headers['cache-control']).toBe('no-cache')
    const { headers } = await get(script)
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable')
    const etag = String((await get('/')).headers.etag)
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`]) {
      const again = await get('/', { 'if-none-match': known })
      expect(again).toMatchObject({ statusCode: 304, payload: '' })
      expect(again.headers.etag).toBe(etag)
    }
    expect((await get(script, { 'if-none-match': etag })).statusCode).toBe(200)
  })

  test('comes compressed to whoever can read that', async () => {
    const { headers, rawPayload } = await get(script, { 'accept-encoding': 'gzip, br' })
    expect(headers['content-encoding']).toBe('gzip')
    expect(gunzipSync(rawPayload)).toEqual((await get(script)).rawPayload)
  })

  test('leaves every other address to its problem document', async () => {
    for (const url of ['/pages', '/assets/', '/index.html', '/assets/../package.json', '/assets/%2e%2e/x']) {
      expect((await get(url)).json(), url).toMatchObject({ status: 404, code: 'not-found' })
    }
    const { statusCode, headers } = await world.api.inject({ method: 'POST', url: '/' })
    expect(statusCode).toBe(405)
    expect(headers['content-type']).toMatch(/^application\/problem\+json/)
    expect((await world.api.inject({ method: 'HEAD', url: '/' })).statusCode).toBe(200)
  })

  test('is no part of the interface that is described to programs', async () => {
    expect((await get('/api/openapi.json')).payload).not.toContain('"/wall"')
  })
})
