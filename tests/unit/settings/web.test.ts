import { describe, expect, test } from 'vitest'
import { loadSettings } from '../../../gateway/settings.ts'

const load = (env: Readonly<Record<string, string>>) => loadSettings({ argv: [], env, readFile: () => '' })

const mapFrom = (tilesUrl: string) => {
  const loaded = load({ ANLING_MAP_TILES_URL: tilesUrl })
  if ('help' in loaded) throw new Error('nobody asked for help')
  return loaded.ok ? loaded.settings.map.tilesUrl : 'refused'
}

describe('where the pictures of a map come from', () => {
  test.each(['https://tiles.example.org/{z}/{x}/{y}.png', 'http://10.0.0.7:8080/street?z={z}&x={x}&y={y}'])(
    'may be %s',
    url => {
      expect(mapFrom(url)).toBe(url)
    },
  )

  test.each([
    // No host that one page may ask can be told from these.
    'https://{s}.example.org/{z}/{x}/{y}.png',
    "https://tiles.example.org;script-src 'unsafe-inline'/{z}/{x}/{y}",
    'https://tiles.example.org;script-src/{z}/{x}/{y}',
    'https://tiles.example.org,other/{z}/{x}/{y}',
    'https://tiles.example.org/{z}/{x}.png',
    'ftp://tiles.example.org/{z}/{x}/{y}.png',
    '/tiles/{z}/{x}/{y}.png',
  ])('may not be %s', url => {
    expect(mapFrom(url)).toBe('refused')
  })
})

test('an empty watch is told of after a minute, unless somebody says otherwise', () => {
  const loaded = load({})
  if ('help' in loaded || !loaded.ok) throw new Error('the defaults are no settings')
  expect(loaded.settings.shift.absentMs).toBe(60_000)
  expect(loaded.settings.map).toEqual({})
})
