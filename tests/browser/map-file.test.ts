import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser, type WebBrowser } from '../support/browser.ts'
import { startWebTown, type WebTown } from '../support/web-town.ts'

/** Mapbox Vector Tile 2.1: one layer, `earth`, one square as large as the tile. */
const tile = (() => {
  const side = [0x80, 0x40]
  const path = [9, 0, 0, 26, ...side, 0, 0, ...side, 0xff, 0x3f, 0, 15]
  const feature = [0x18, 3, 0x22, path.length, ...path]
  const layer = [
    ...[0x78, 2],
    ...[0x0a, 5, ...Buffer.from('earth')],
    ...[0x12, feature.length, ...feature],
    ...[0x28, 0x80, 0x20],
  ]
  return Buffer.from([0x1a, layer.length, ...layer])
})()

/** PMTiles version 3, nothing compressed: the four tiles of zoom 1 are the same one. */
const pmtiles = (): Buffer => {
  const header = Buffer.alloc(127)
  const directory = Buffer.from([1, 1, 4, tile.length, 1])
  const metadata = Buffer.from('{}')
  const metadataAt = header.length + directory.length
  const tilesAt = metadataAt + metadata.length
  header.write('PMTiles\u0003', 0, 'latin1')
  const places = [
    header.length,
    directory.length,
    metadataAt,
    metadata.length,
    tilesAt,
    0,
    tilesAt,
    tile.length,
  ]
  for (const [index, value] of [...places, 4, 1, 1].entries())
    header.writeBigUInt64LE(BigInt(value), 8 + index * 8)
  header.set([1, 1, 1, 1, 1, 1], 96)
  for (const [index, degrees] of [-180, -85, 180, 85].entries())
    header.writeInt32LE(degrees * 10_000_000, 102 + index * 4)
  return Buffer.concat([header, directory, metadata, tile])
}

let directory: string
let town: WebTown
let browser: WebBrowser
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'anling-map-'))
  const pmtilesFile = join(directory, 'city.pmtiles')
  await writeFile(pmtilesFile, pmtiles())
  ;[town, browser] = await Promise.all([
    startWebTown({ settings: { map: { pmtilesFile, attribution: '测试地图' } }, hasTerminals: false }),
    openBrowser(),
  ])
})
afterAll(async () => {
  await browser.close()
  await town.stop()
  await rm(directory, { recursive: true, force: true })
})

test('a map in a file is drawn by the page itself, also nearer than its tiles go, and asks nobody outside', async () => {
  const { page, complaints, screenshot, expectAccessible, close } = await browser.open(town.gateway.httpUrl, {
    as: 'operator',
    path: '/map',
    theme: 'light',
  })
  await page.getByText('测试地图').waitFor()
  const drawn = page.locator('canvas.leaflet-tile-loaded')
  await drawn.first().waitFor()
  const colourInTheMiddle = await drawn.first().evaluate(node => {
    if (!(node instanceof HTMLCanvasElement)) return []
    return [...(node.getContext('2d')?.getImageData(node.width / 2, node.height / 2, 1, 1).data ?? [])]
  })
  // Of the land of the light look. Where no tile was read, it is the background's: 204, 204, 204.
  expect(colourInTheMiddle).toEqual([226, 223, 218, 255])
  await expectAccessible()
  await screenshot('map-file-zh')
  expect(complaints).toEqual([])
  await close()
})
