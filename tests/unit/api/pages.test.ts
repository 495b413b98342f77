import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
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

const get = (url: string, headers: Record<string, string> = {}) =>
  world.api.inject({ method: 'GET', url, headers })

/** What a text refers to on this server: by attribute, or by import beside itself. */
const linksIn = (text: string): string[] =>
  [...text.matchAll(/(?:href|src)="([^"]*)"|^import .* from '\.(\/[^']*)'/gm)].map(
    ([, link, sibling]) => link ?? `/board${sibling}`,
  )

describe('the live board', () => {
  test('is the page at the address of the gateway, for whoever opens it', async () => {
    const { statusCode, headers, payload } = await get('/')
    expect(statusCode).toBe(200)
    expect(headers['content-type']).toBe('text/html; charset=utf-8')
    expect(payload).toMatch(/^<!doctype html>\n<html lang="zh-CN">/)
  })

  test('brings every file that it refers to, each as what it is, and has no other', async () => {
    const types = { css: 'text/css', js: 'text/javascript', svg: 'image/svg+xml' }
    const served = new Set<string>()
    const follow = async (url: string): Promise<void> => {
      if (served.has(url)) return
      served.add(url)
      const { statusCode, headers, payload } = await get(url)
      expect(statusCode, url).toBe(200)
      const [, ending] = /\.(css|js|svg)$/.exec(url) ?? []
      if (ending) expect(headers['content-type'], url).toContain(Reflect.get(types, ending))
      await Promise.all(linksIn(payload).map(follow))
    }
    await follow('/')
    const files = readdirSync(resolve(import.meta.dirname, '../../../dashboards/board'))
    expect([...served].sort()).toEqual(
      files.map(name => (name === 'index.html' ? '/' : `/board/${name}`)).sort(),
    )
  })

  test('lets a browser run and ask nothing but this server', async () => {
    for (const url of ['/', '/board/board.js', '/board/board.css']) {
      const { headers, payload } = await get(url)
      expect(headers['content-security-policy']).toContain("default-src 'self'")
      expect(headers['content-security-policy']).not.toContain('unsafe')
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' })
      expect(payload).not.toMatch(/https?:\/\/|<style|style=|<script>| on\w+="/)
    }
  })

  test('is asked for anew each time, and sent only when it has changed', async () => {
    const { headers } = await get('/board/board.js')
    expect(headers['cache-control']).toBe('no-cache')
    const etag = String(headers.etag)
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`]) {
      const again = await get('/board/board.js', { 'if-none-match': known })
      expect(again).toMatchObject({ statusCode: 304, payload: '' })
      expect(again.headers.etag).toBe(etag)
    }
    expect((await get('/board/board.css', { 'if-none-match': etag })).statusCode).toBe(200)
  })

  test('leaves every other address to its problem document', async () => {
    for (const url of [
      '/board',
      '/board/',
      '/board/index.html',
      '/board/../package.json',
      '/board/%2e%2e/x',
    ]) {
      expect((await get(url)).json(), url).toMatchObject({ status: 404, code: 'not-found' })
    }
    const { statusCode, headers } = await world.api.inject({ method: 'POST', url: '/' })
    expect(statusCode).toBe(405)
    expect(headers['content-type']).toMatch(/^application\/problem\+json/)
    expect((await world.api.inject({ method: 'HEAD', url: '/' })).statusCode).toBe(200)
  })

  test('is no part of the interface that is described to programs', async () => {
    expect((await get('/api/openapi.json')).payload).not.toContain('board')
  })
})
