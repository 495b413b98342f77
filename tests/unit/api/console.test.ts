import { writeFile } from 'node:fs/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { withTemporaryDirectory } from '../../support/temporary-directory.ts'
import { logIn, openWorld } from './world.ts'

type Given = NonNullable<Parameters<typeof openWorld>[0]>

const open = async (map?: NonNullable<Given['map']>) => {
  const world = await openWorld(map && { map })
  onTestFinished(async () => {
    expect(world.mismatches).toEqual([])
    await world.close()
  })
  const admin = await logIn(world)
  const tiles = (headers: Record<string, string> = {}) =>
    world.api.inject({ url: '/map/tiles.pmtiles', headers: { cookie: admin.cookie, ...headers } })
  return { world, admin, tiles }
}

const map = '0123456789'.repeat(20_000)
const withMap = <T>(work: (file: string) => Promise<T>): Promise<T> =>
  withTemporaryDirectory(async directory => {
    const file = `${directory}/town.pmtiles`
    await writeFile(file, map)
    return work(file)
  })

describe('what a page needs to know', () => {
  test('is the time, the service levels, and that no map is asked for anywhere', async () => {
    const { admin, world } = await open()
    expect(await admin.get('/api/console')).toMatchObject({
      status: 200,
      body: {
        timeZone: 'Asia/Shanghai',
        now: '2026-11-21T12:00:00.000Z',
        version: '0.0.0',
        serviceLevels: { answerSeconds: 15, staleSeconds: 15, leaseSeconds: 120, acceptSeconds: 120 },
        map: { tilesUrl: null, attribution: null, pmtiles: false, center: { lon: 122.99 } },
      },
    })
    expect((await world.api.inject('/api/console')).statusCode).toBe(401)
  })

  test('is where pictures of the map come from; a page may load them from that host, and nothing else', async () => {
    const tilesUrl = 'https://tiles.example.org:8443/street/{z}/{x}/{y}.png'
    const { admin, world } = await open({ tilesUrl, attribution: '© 天地图' })
    expect((await admin.get('/api/console')).body).toMatchObject({
      map: { tilesUrl, attribution: '© 天地图' },
    })
    const policy = String((await world.api.inject('/')).headers['content-security-policy'])
    expect(policy.split(';')).toContain("img-src 'self' https://tiles.example.org:8443")
    expect(policy.replace(/img-src[^;]*/, '')).not.toContain('example.org')
    expect(policy).toContain("default-src 'self'")
  })
})

describe('the map as one file', () => {
  test('is not there where none is set, where it is gone, or empty', async () => {
    expect((await (await open()).tiles()).json()).toMatchObject({ status: 404, code: 'not-found' })
    await withMap(async file => {
      const gone = await open({ pmtilesFile: `${file}.gone` })
      expect((await gone.tiles()).statusCode).toBe(404)
      await writeFile(`${file}.empty`, '')
      expect((await (await open({ pmtilesFile: `${file}.empty` })).tiles()).statusCode).toBe(404)
    })
  })

  test('is for who has logged in', () =>
    withMap(async file => {
      const { world } = await open({ pmtilesFile: file })
      expect((await world.api.inject('/map/tiles.pmtiles')).statusCode).toBe(401)
    }))

  test.each([
    ['bytes=0-9', 0, 9],
    ['bytes=100-149999', 100, 149_999],
    ['bytes=199990-', 199_990, 199_999],
    ['bytes=-5', 199_995, 199_999],
    ['bytes=199990-999999', 199_990, 199_999],
  ])('gives the part %s', (range, start, end) =>
    withMap(async file => {
      const { tiles } = await open({ pmtilesFile: file })
      const { statusCode, headers, payload } = await tiles({ range })
      expect(statusCode).toBe(206)
      expect(headers).toMatchObject({
        'content-range': `bytes ${start}-${end}/200000`,
        'content-length': String(end - start + 1),
        'accept-ranges': 'bytes',
      })
      expect(payload).toBe(map.slice(start, end + 1))
    }),
  )

  test.each(['bytes=200000-', 'bytes=9-3'])('refuses the part %s, which it does not have', range =>
    withMap(async file => {
      const { tiles } = await open({ pmtilesFile: file })
      const { statusCode, headers } = await tiles({ range })
      expect(statusCode).toBe(416)
      expect(headers['content-range']).toBe('bytes */200000')
    }),
  )

  test.each([
    {},
    { range: 'lines=1-2' },
    { range: 'bytes=0-1,5-6' },
    { range: 'bytes=0-1', 'if-range': '"other"' },
  ])('gives the whole for %j', headers =>
    withMap(async file => {
      const { tiles } = await open({ pmtilesFile: file })
      const { statusCode, payload } = await tiles(headers)
      expect(statusCode).toBe(200)
      expect(payload).toBe(map)
    }),
  )

  test('says when it has changed, and gives a part of it only to who has the same', () =>
    withMap(async file => {
      const { tiles } = await open({ pmtilesFile: file })
      const etag = String((await tiles({ range: 'bytes=0-0' })).headers.etag)
      expect((await tiles({ range: 'bytes=0-1', 'if-range': etag })).statusCode).toBe(206)
      await writeFile(file, `${map}!`)
      expect((await tiles({ range: 'bytes=0-1', 'if-range': etag })).statusCode).toBe(200)
    }))
})
